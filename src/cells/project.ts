/** The project that a notebook belongs to. */

import { ifPresent, UsageError } from "../base/mod.ts";
import { dirname, join } from "@std/path";

/**
 * The nearest folder, from the working directory up, that holds a deno.json: pipelines
 * run there, whatever folder the notebook is in.
 *
 * @throws {UsageError} if there is none.
 */
export async function projectRoot(): Promise<string> {
  for (let folder = Deno.cwd();; folder = dirname(folder)) {
    if (await ifPresent(Deno.stat(join(folder, "deno.json"))) !== undefined) return folder;
    if (dirname(folder) === folder) {
      throw new UsageError("Cannot find the project: no folder above holds a deno.json", {
        next: "open the notebook from within the project",
      });
    }
  }
}
