/** `install` and `uninstall`: the kernel made known to Jupyter, and forgotten. */

import { join } from "@std/path";
import { ServiceError, UserError, writeFileAtomic } from "../../base/mod.ts";
import type { NotebookCliOptions } from "./cli_options.ts";
import {
  type InstallPlace,
  KERNEL_NAME,
  kernelsFolder,
  kernelSpec,
  lastingDeno,
} from "./kernel_spec.ts";

/** Registers the kernel and says what was written. */
export async function installKernel(
  place: InstallPlace,
  { stdout }: NotebookCliOptions,
): Promise<void> {
  const deno = await lastingDeno();
  const folder = join(kernelsFolder(place), KERNEL_NAME);
  try {
    await Deno.mkdir(folder, { recursive: true });
    const file = join(folder, "kernel.json");
    await writeFileAtomic(file, `${JSON.stringify(kernelSpec(deno), null, 2)}\n`);
    stdout.write(`${file}\n`);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new ServiceError(`Cannot install the kernel: ${folder} cannot be written`, {
      next: "give another place with --prefix, or --user",
    });
  }
  stdout.write(
    `Jupyter and VS Code now offer the kernel "Dinoflow (Deno)", started by ${deno.join(" ")}\n`,
  );
}

/** Removes what `install` has written to the same place. */
export async function uninstallKernel(
  place: InstallPlace,
  { stdout }: NotebookCliOptions,
): Promise<void> {
  const folder = join(kernelsFolder(place), KERNEL_NAME);
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(`Cannot find the kernel: there is no ${folder}`, {
      next: "say where it is as when it was installed: --user, --prefix or --sys-prefix",
    });
  }
  stdout.write(`removed ${folder}\n`);
}
