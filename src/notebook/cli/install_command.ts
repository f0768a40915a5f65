/** `install`: the kernel made known to Jupyter. */

import { join } from "@std/path";
import { ServiceError } from "../../base/mod.ts";
import { denoCommand } from "../../pipeline/mod.ts";
import type { CliOptions } from "./cli.ts";

/** Registers this Deno as a kernel and says what was written. */
export async function installKernel({ stdout }: CliOptions): Promise<void> {
  const command = await denoCommand(["jupyter", "--install", "--force"], {
    env: { NO_COLOR: "1" },
  });
  const { success, stderr } = await command.output();
  const said = new TextDecoder().decode(stderr);
  if (!success) {
    const why = said.trim().split("\n").find((line) => /error/i.test(line)) ?? said.trim();
    throw new ServiceError(`Cannot install the kernel: ${why}`, {
      next: "see that your Jupyter folder can be written",
    });
  }
  const folder = await kernelFolder();
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) files.push(join(folder, name));
  const { argv } = JSON.parse(await Deno.readTextFile(join(folder, "kernel.json")));
  stdout.write(`${files.sort().join("\n")}\n`);
  stdout.write(`Jupyter and VS Code now offer the kernel "Deno", which is ${argv[0]}\n`);
}

/** Where Jupyter looks for a user's kernels, as `deno jupyter` has it. */
async function kernelFolder(): Promise<string> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  const data = Deno.env.get("JUPYTER_DATA_DIR");
  const share = Deno.env.get("XDG_DATA_HOME") ?? join(home, ".local", "share");
  const places = [
    ...data === undefined ? [] : [data],
    join(share, "jupyter"),
    join(home, "Library", "Jupyter"),
    join(Deno.env.get("APPDATA") ?? home, "jupyter"),
  ].map((folder) => join(folder, "kernels", "deno"));
  for (const place of places) {
    try {
      await Deno.stat(join(place, "kernel.json"));
      return place;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new ServiceError(`Cannot find the installed kernel in ${places.join(", ")}`, {
    next: "see what `jupyter kernelspec list` says",
  });
}
