/** `run`: notebooks executed one after the other. */

import { dirname } from "@std/path";
import {
  duration,
  readNotebook,
  setParameterTexts,
  type Sink,
  sourceText,
} from "../../pipeline/mod.ts";
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
    const progress = new RunProgress(file, stderr);
    const { notebook: executed, failure } = await executeNotebook(notebook, {
      cwd: dirname(file),
      signal,
      ...request.timeout !== undefined && { timeout: request.timeout },
      onCell: (cell, count) => progress.cell(cell, count),
    }).finally(() => progress.close());
    const to = request.out ?? file;
    await saveNotebook(to, executed);
    if (failure) {
      succeeded = false;
      stderr.write(cellFailureText(file, failure, sourceText(executed.cells[failure.cell - 1])));
      stderr.write(`next: see its outputs in ${to}\n`);
    } else {
      stderr.write(`${file}: done after ${duration((performance.now() - start) / 1000)}\n`);
    }
  }
  return succeeded;
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
