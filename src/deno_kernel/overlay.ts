/**
 * Packages of a kernel: those of the project as its lockfile has them, and any other that
 * a cell imports. The project's lockfile is not touched: the kernel has a copy of its own.
 */

import { ifPresent } from "../base/mod.ts";
import { dirname, join } from "@std/path";

/** Flags with which Deno takes the packages of the project that `cwd` is in, and others. */
export async function packageFlags(cwd: string, folder: string): Promise<string[]> {
  const copy = join(folder, "deno.lock");
  const lock = await projectLock(cwd);
  if (lock !== undefined) await Deno.copyFile(lock, copy);
  return [`--lock=${copy}`, "--frozen=false"];
}

async function projectLock(cwd: string): Promise<string | undefined> {
  for (let folder = await Deno.realPath(cwd);; folder = dirname(folder)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const text = await ifPresent(Deno.readTextFile(join(folder, name)));
      if (text === undefined) continue;
      // A look, not a reading: comments of a .jsonc do not matter to it.
      const named = /"lock"\s*:\s*(?:\{[^}]*"path"\s*:\s*)?"([^"]+)"/.exec(text)?.[1];
      const lock = join(folder, named ?? "deno.lock");
      return await ifPresent(Deno.stat(lock)) === undefined ? undefined : lock;
    }
    if (dirname(folder) === folder) return undefined;
  }
}
