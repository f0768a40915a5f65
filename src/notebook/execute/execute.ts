/** Runs the cells of a notebook in their order. */

import { UserError } from "../../base/mod.ts";
import {
  hasTag,
  type NotebookCell,
  type NotebookDocument,
  sourceText,
} from "../../notebook_files/mod.ts";
import {
  type CellFailure,
  type Displays,
  Kernel,
  KernelDeath,
  OutputCollector,
  translateCells,
  type Translated,
  type Unreadable,
} from "../../deno_kernel/mod.ts";
import { failureOf } from "./failure.ts";

/** How a notebook is run. */
export interface ExecuteOptions {
  /** Folder of the kernel: what cells import and read is relative to it. */
  readonly cwd: string;
  /** Seconds that a cell may take, 600 by default; the kernel of one that takes longer is killed. */
  readonly timeout?: number;
  /** Stops the run and kills the kernel. */
  readonly signal?: AbortSignal;
  /** Places of the cells to run, from 0; all if left out. Others stay as they are. */
  readonly only?: ReadonlySet<number>;
  /** Hears which cell starts: its number, counted from 1 over all cells, and how many there are. */
  readonly onCell?: (cell: number, count: number) => void;
}

/** A notebook that was run. */
export interface Executed {
  /** The notebook with its outputs, up to a cell that failed. */
  readonly notebook: NotebookDocument;
  /** What ended it early. */
  readonly failure?: CellFailure;
}

/** Seconds that a cell may take where nothing else is said. */
const TIMEOUT = 600;

/**
 * Runs the code cells of a notebook in a kernel of their own, which ends with them.
 * The first cell that fails ends the run; one tagged `raises-exception` may throw, one
 * tagged `skip-execution` is left as it is.
 *
 * A cell fails if it throws, cannot be read, takes too long or ends the kernel, where
 * a `Deno.test` in it fails, and where a promise that nothing awaits is rejected, or a
 * timer throws, until the cell is done.
 *
 * @throws {UserError} if the kernel of the notebook is another, or does not start; what
 * `signal` says where it aborts.
 */
export async function executeNotebook(
  notebook: NotebookDocument,
  { cwd, timeout = TIMEOUT, signal = new AbortController().signal, only, onCell }: ExecuteOptions,
): Promise<Executed> {
  checkLanguage(notebook);
  const wanted = notebook.cells.map((cell, i) =>
    (cell.cell_type === "code" && !hasTag(cell, "skip-execution")) && (only?.has(i) ?? true)
  );
  const cells = notebook.cells.map((cell, i): NotebookCell =>
    wanted[i] ? { ...cell, execution_count: null, outputs: [] } : cell
  );
  const executed = () => ({ ...notebook, cells });
  const sources = cells.map((cell, i) => wanted[i] ? sourceText(cell) : "");
  const translated = translateCells(sources);
  translated.catch(() => {}); // told when it is waited for
  const displays: Displays = new Map();
  /** The cells that were run, by their execution: what they started may speak up later. */
  const running: { readonly index: number; readonly collector: OutputCollector }[] = [];
  await using kernel = await Kernel.start(cwd, signal, {
    output: (output, execution) => running[execution - 1]?.collector.take(output),
  });
  const scripts = await translated;
  for (const [i, cell] of cells.entries()) {
    if (sources[i].trim() === "") continue;
    onCell?.(i + 1, cells.length);
    const collector = new OutputCollector(displays);
    const { outputs } = collector;
    running.push({ index: i, collector });
    let execution_count: number | null = null;
    try {
      await runCell(kernel, scripts[i], running.length, timeout, signal);
      execution_count = running.length;
    } catch (error) {
      if (!(error instanceof KernelDeath)) throw error;
      const [ename, evalue] = ["KernelDeath", error.message];
      cells[i] = { ...cell, execution_count, outputs };
      outputs.push({ output_type: "error", ename, evalue, traceback: [evalue] });
      return { notebook: executed(), failure: { cell: i + 1, message: evalue } };
    }
    cells[i] = { ...cell, execution_count, outputs };
    for (const [execution, { index, collector }] of running.entries()) {
      if (hasTag(cells[index], "raises-exception")) continue;
      const failure = failureOf(collector.outputs, execution + 1);
      if (failure) return { notebook: executed(), failure: { cell: index + 1, ...failure } };
    }
  }
  return { notebook: executed() };
}

/** Runs one cell; kills the kernel if that takes too long. */
async function runCell(
  kernel: Kernel,
  cell: Translated | Unreadable,
  execution: number,
  timeout: number,
  signal: AbortSignal,
): Promise<void> {
  const stopped = Promise.withResolvers<never>();
  const abort = () => stopped.reject(signal.reason);
  const timer = setTimeout(() => {
    const text = `the cell took longer than ${timeout} s and the kernel was killed`;
    stopped.reject(new KernelDeath(text));
  }, timeout * 1000);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    await Promise.race([kernel.execute(cell, execution), stopped.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function checkLanguage({ metadata }: NotebookDocument): void {
  const { kernelspec } = metadata as {
    kernelspec?: { readonly name?: string; readonly language?: string };
  };
  const language = kernelspec?.language ?? "typescript";
  if (/^(type|java)script$/i.test(language)) return;
  throw new UserError(
    `Cannot run a notebook in ${language}: its kernel is ${kernelspec?.name}, wanted dinoflow or deno`,
    { next: "choose the kernel Dinoflow (Deno) for it in Jupyter" },
  );
}
