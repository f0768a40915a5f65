/** Checks the types of a notebook, which a kernel does not look at. */

import { basename, dirname, join } from "@std/path";
import { denoCommand, type NotebookDocument } from "../../pipeline/mod.ts";
import { readCells } from "../code/read_cells.ts";
import type { CellFailure } from "../execute/failure.ts";
import { plainText } from "../kernel/process.ts";
import { inNotebookWords, joinCells } from "./joined_module.ts";

/**
 * Checks all code cells as one module in the project that the notebook lies in.
 *
 * @param path Where the notebook is; its imports are relative to it.
 * @returns The errors, in the order in which they were found; none where all is well.
 */
export async function checkNotebook(
  notebook: NotebookDocument,
  path: string,
): Promise<readonly CellFailure[]> {
  const { cells, failures } = await readCells(notebook);
  if (failures.length > 0) return failures;
  const module = joinCells(cells);
  // Beside the notebook, where its imports mean the same.
  const folder = dirname(path);
  const file = join(folder, `.${basename(path, ".ipynb")}.${crypto.randomUUID().slice(0, 8)}.ts`);
  try {
    await Deno.writeTextFile(file, module.text);
    const command = await denoCommand(["check", "--quiet", basename(file)], {
      ...{ cwd: folder, env: { NO_COLOR: "1", RUST_BACKTRACE: "0" } },
    });
    const { success, stderr } = await command.output();
    if (success) return [];
    return readErrors(plainText(new TextDecoder().decode(stderr)), basename(file)).map(
      ({ line, message }) => {
        const place = line === undefined ? undefined : module.placeOf(line);
        return { cell: place?.cell ?? 1, line: place?.line, message: inNotebookWords(message) };
      },
    );
  } finally {
    await Deno.remove(file);
  }
}

interface FoundError {
  readonly line?: number;
  readonly message: string;
}

/** What `deno check` says: blocks that end with the place, or one error for all. */
function readErrors(text: string, file: string): FoundError[] {
  const found: FoundError[] = [];
  const place = new RegExp(`^\\s*at file://\\S*/${file.replaceAll(".", "\\.")}:(\\d+):\\d+`, "m");
  for (const block of text.split(/\n(?=TS\d+ \[ERROR\])|\n\n(?=Found \d+ error)/)) {
    const line = place.exec(block)?.[1];
    if (line === undefined) continue;
    // The excerpt of the source that follows the message ends with a line of tildes.
    const said = block.split("\n").filter((line) => line.trim() !== "");
    const marks = said.findIndex((line) => /^\s*~+\s*$/.test(line));
    const message = said.slice(0, marks < 0 ? 1 : Math.max(1, marks - 1)).map((line) =>
      line.trim()
    );
    found.push({ line: Number(line), message: message.join(" ").replace(" [ERROR]", "") });
  }
  if (found.length > 0) return found;
  const message = /^error: (.*)/m.exec(text)?.[1] ?? text.trim().split("\n")[0];
  return [{ message }];
}
