/** `strip`: notebooks without what a run has left in them. */

import { readNotebook } from "../../notebook_files/mod.ts";
import { saveNotebook, stripNotebook } from "../save.ts";
import type { NotebookCliOptions } from "./cli_options.ts";

/** Takes the outputs out of notebooks; one that has none is not written. */
export async function stripNotebooks(
  files: readonly string[],
  { stdout }: NotebookCliOptions,
): Promise<void> {
  for (const file of files) {
    const notebook = await readNotebook(file);
    const stripped = stripNotebook(notebook);
    const changed = JSON.stringify(stripped) !== JSON.stringify(notebook);
    if (changed) await saveNotebook(file, stripped);
    stdout.write(`${file}: ${changed ? "stripped" : "nothing to strip"}\n`);
  }
}
