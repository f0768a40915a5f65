/** `install` and `uninstall`: the kernel made known to Jupyter, and forgotten. */

import { dirname, join, resolve } from "@std/path";
import { ServiceError, UserError, writeFileAtomic } from "../../base/mod.ts";
import type { NotebookCliOptions } from "./cli_options.ts";
import { labExtensionFolder, writeLabExtension } from "./lab_extension.ts";
import {
  type InstallPlace,
  KERNEL_NAME,
  kernelsFolder,
  kernelSpec,
  lastingDeno,
  vsCodeLooksIn,
} from "./kernel_spec.ts";

/** Registers the kernel and says what was written. */
export async function installKernel(
  place: InstallPlace,
  { stdout }: NotebookCliOptions,
): Promise<void> {
  const deno = await lastingDeno();
  const kernels = kernelsFolder(place);
  const folder = join(kernels, KERNEL_NAME);
  try {
    await Deno.mkdir(folder, { recursive: true });
    const file = join(folder, "kernel.json");
    await writeFileAtomic(file, `${JSON.stringify(kernelSpec(deno), null, 2)}\n`);
    const extension = labExtensionFolder(kernels);
    await writeLabExtension(extension);
    stdout.write(`${file}\n${extension}, with which JupyterLab shows figures and tables\n`);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    throw new ServiceError(`Cannot install the kernel: ${folder} cannot be written`, {
      next: "give another place with --prefix, or --user",
    });
  }
  const seen = vsCodeLooksIn(resolve(kernels), place);
  stdout.write(
    `Jupyter${seen ? " and VS Code now offer" : " now offers"} the kernel "Dinoflow (Deno)", ` +
      `started by ${deno.join(" ")}\n`,
  );
  if (!seen) {
    const folderOfData = resolve(dirname(kernels));
    stdout.write(
      `VS Code does not look there; it does if it is started with JUPYTER_PATH=${folderOfData}\n`,
    );
  }
}

/** Removes what `install` has written to the same place. */
export async function uninstallKernel(
  place: InstallPlace,
  { stdout }: NotebookCliOptions,
): Promise<void> {
  const kernels = kernelsFolder(place);
  const folder = join(kernels, KERNEL_NAME);
  const extension = labExtensionFolder(kernels);
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(`Cannot find the kernel: there is no ${folder}`, {
      next: "say where it is as when it was installed: --user, --prefix or --sys-prefix",
    });
  }
  try {
    await Deno.remove(extension, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // an earlier version wrote none
  }
  stdout.write(`removed ${folder}\nremoved ${extension}\n`);
}
