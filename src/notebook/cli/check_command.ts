/** `check`: the types of notebooks. */

import { readNotebook, sourceText } from "../../pipeline/mod.ts";
import { checkNotebook } from "../check/check_notebook.ts";
import type { CliOptions } from "./cli.ts";
import { failureText } from "./failure_text.ts";

/** Checks notebooks; whether all are well. */
export async function checkNotebooks(
  files: readonly string[],
  { stdout, stderr }: CliOptions,
): Promise<boolean> {
  let well = true;
  for (const file of files) {
    const notebook = await readNotebook(file);
    const failures = await checkNotebook(notebook, file);
    for (const failure of failures) {
      stderr.write(failureText(file, failure, sourceText(notebook.cells[failure.cell - 1])));
    }
    if (failures.length === 0) stdout.write(`${file}: no errors\n`);
    else well = false;
  }
  return well;
}
