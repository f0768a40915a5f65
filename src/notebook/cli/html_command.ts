/** `html`: notebooks as pages. */

import { writeFileAtomic } from "../../base/mod.ts";
import { readNotebook } from "../../pipeline/mod.ts";
import { notebookPage } from "../html/notebook_page.ts";
import type { Request } from "./args.ts";
import type { CliOptions } from "./cli.ts";

/** Writes a page beside each notebook, or to where `--out` says. */
export async function exportPages(
  { files, out }: Extract<Request, { command: "html" }>,
  { stdout }: CliOptions,
): Promise<void> {
  for (const file of files) {
    const to = out ?? file.replace(/(\.ipynb)?$/, ".html");
    await writeFileAtomic(to, await notebookPage(await readNotebook(file), file));
    stdout.write(`${to}\n`);
  }
}
