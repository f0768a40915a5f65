/** `run`: notebooks executed one after the other. */

import { dirname } from "@std/path";
import { duration, type Sink } from "../../terminal/mod.ts";
import {
  type NotebookDocument,
  readNotebook,
  setParameterTexts,
  sourceText,
} from "../../notebook_files/mod.ts";
import { changedCells } from "../execute/changed_cells.ts";
import { executeNotebook } from "../execute/execute.ts";
import { saveNotebook } from "../save.ts";
import type { NotebookRequest } from "./args.ts";
import type { NotebookCliOptions } from "./cli_options.ts";
import { cellFailureText } from "./failure_text.ts";

/** Runs notebooks, also those after one that fails; whether all succeeded. */
export async function runNotebooks(
  request: Extract<NotebookRequest, { command: "run" }>,
  { stderr, signal }: NotebookCliOptions,
): Promise<boolean> {
  let succeeded = true;
  for (const file of request.files) {
    const notebook = setParameterTexts(await readNotebook(file), request.params, file);
    const start = performance.now();
    const planned = changedCells(notebook, file);
    // Without keys the next run with --changed runs all.
    const keys = planned.then(({ keys }) => keys, () => new Map<number, string>());
    const only = request.changed ? (await planned).run : undefined;
    if (only?.size === 0) {
      stderr.write(`${file}: nothing has changed\n`);
      continue;
    }
    const progress = new RunProgress(file, stderr);
    const { notebook: executed, failure } = await executeNotebook(notebook, {
      cwd: dirname(file),
      signal,
      ...request.timeout !== undefined && { timeout: request.timeout },
      ...only !== undefined && { only },
      onCell: (cell, count) => progress.cell(cell, count),
    }).finally(() => progress.close());
    const to = request.out ?? file;
    await saveNotebook(to, withKeys(executed, await keys, failure?.cell));
    if (failure) {
      succeeded = false;
      const told = { ...failure, next: failure.next ?? `see its outputs in ${to}` };
      stderr.write(cellFailureText(file, told, sourceText(executed.cells[failure.cell - 1])));
    } else {
      stderr.write(`${file}: done after ${duration((performance.now() - start) / 1000)}\n`);
    }
  }
  return succeeded;
}

/** The notebook with the keys of the cells that ran well, so that a later run knows what changed. */
function withKeys(
  notebook: NotebookDocument,
  keys: ReadonlyMap<number, string>,
  failed = Infinity,
): NotebookDocument {
  const cells = notebook.cells.map((cell, i) => {
    const { dinoflow: _, ...metadata } = cell.metadata;
    const ran = i < failed - 1 ? keys.get(i) : undefined;
    if (cell.cell_type !== "code" || ran === undefined) return { ...cell, metadata };
    return { ...cell, metadata: { ...metadata, dinoflow: { ran } } };
  });
  return { ...notebook, cells };
}

/** Tells which cell runs: in place on a terminal, elsewhere a line for each. */
class RunProgress {
  readonly #live: boolean;

  constructor(readonly file: string, readonly sink: Sink) {
    this.#live = sink.size() !== undefined;
  }

  cell(cell: number, count: number): void {
    const text = `${this.file}: cell ${cell} of ${count}`;
    this.sink.write(
      this.#live ? `\r\x1b[K${text.slice(0, (this.sink.size()?.columns ?? 80) - 1)}` : `${text}\n`,
    );
  }

  /** Leaves the line as it was. */
  close(): void {
    if (this.#live) this.sink.write("\r\x1b[K");
  }
}
