/** `check`: the types of notebooks. */

import { readNotebook, sourceText } from "../../notebook_files/mod.ts";
import { checkNotebooks } from "../check/check_notebooks.ts";
import type { NotebookCliOptions } from "./cli_options.ts";
import { cellFailureText } from "./failure_text.ts";

/** Checks notebooks; whether all are well. */
export async function checkFiles(
  files: readonly string[],
  { stdout, stderr }: NotebookCliOptions,
): Promise<boolean> {
  const notebooks = await Promise.all(
    files.map(async (path) => ({ notebook: await readNotebook(path), path })),
  );
  const found = await checkNotebooks(notebooks);
  for (const [i, { notebook, path }] of notebooks.entries()) {
    for (const failure of found[i]) {
      stderr.write(cellFailureText(path, failure, sourceText(notebook.cells[failure.cell - 1])));
    }
    if (found[i].length === 0) stdout.write(`${path}: no errors\n`);
  }
  return found.every((failures) => failures.length === 0);
}
