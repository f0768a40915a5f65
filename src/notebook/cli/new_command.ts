/** `new`: a notebook to start with. */

import { join } from "@std/path";
import { ifPresent, UsageError } from "../../base/mod.ts";
import type { NotebookDocument } from "../../notebook_files/mod.ts";
import { startingNotebook } from "../new_notebook.ts";
import { saveNotebook } from "../save.ts";
import type { NotebookCliOptions } from "./cli_options.ts";

/** Starts a notebook in the folder notebooks/. */
export async function startNotebook(name: string, options: NotebookCliOptions): Promise<void> {
  const path = await saveNew(name, startingNotebook(name), options);
  options.stderr.write(`next: deno task notebook run ${path}\n`);
}

/**
 * Saves a notebook in the folder notebooks/ and gives its path.
 *
 * @throws {UsageError} for a name that is none, or one that is taken.
 */
export async function saveNew(
  name: string,
  notebook: NotebookDocument,
  { root, stdout }: NotebookCliOptions,
): Promise<string> {
  if (!/^\w[\w.-]*$/.test(name)) {
    throw new UsageError(`Cannot name a notebook "${name}"`, {
      next: "use letters, digits, dot, dash and underscore",
    });
  }
  const path = join(root, "notebooks", `${name.replace(/\.ipynb$/, "")}.ipynb`);
  if (await ifPresent(Deno.lstat(path)) !== undefined) {
    throw new UsageError(`Cannot write ${path}: it exists`, {
      next: "choose another name, or remove it first",
    });
  }
  await saveNotebook(path, notebook);
  stdout.write(`${path}\n`);
  return path;
}
