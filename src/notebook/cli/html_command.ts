/** `html`: notebooks as pages. */

import { writeFileAtomic } from "../../base/mod.ts";
import { readNotebook } from "../../notebook_files/mod.ts";
import { notebookPage } from "../html/notebook_page.ts";
import type { NotebookRequest } from "./args.ts";
import type { NotebookCliOptions } from "./cli_options.ts";

/** Writes a page beside each notebook, or to where `--out` says. */
export async function exportPages(
  { files, out }: Extract<NotebookRequest, { command: "html" }>,
  { stdout }: NotebookCliOptions,
): Promise<void> {
  for (const file of files) {
    const to = out ?? file.replace(/(\.ipynb)?$/, ".html");
    await writeFileAtomic(to, await notebookPage(await readNotebook(file), file));
    stdout.write(`${to}\n`);
  }
}
