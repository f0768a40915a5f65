/** Runs the cells of a notebook in their order. */

import { UserError } from "../../base/mod.ts";
import {
  hasTag,
  type NotebookCell,
  type NotebookDocument,
  sourceText,
} from "../../pipeline/mod.ts";
import { type Execution, Kernel, KernelDeath } from "../kernel/kernel.ts";
import { type CellFailure, findFailure } from "./failure.ts";
import { type Displays, OutputCollector } from "./outputs.ts";
import { withKeptValues } from "./shown_value.ts";

/** How a notebook is run. */
export interface ExecuteOptions {
  /** Folder of the kernel: what cells import and read is relative to it. */
  readonly cwd: string;
  /** Seconds that a cell may take, 600 by default; the kernel of one that takes longer is killed. */
  readonly timeout?: number;
  /** Stops the run and kills the kernel. */
  readonly signal?: AbortSignal;
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
 * A cell fails where it throws, cannot be read, takes too long or ends the kernel, where
 * a `Deno.test` in it fails, and where a promise that nothing awaits is rejected, or a
 * timer throws, until the cell is done.
 *
 * @throws {UserError} where the kernel of the notebook is another, or does not start; what
 * `signal` says where it aborts.
 */
export async function executeNotebook(
  notebook: NotebookDocument,
  { cwd, timeout = TIMEOUT, signal = new AbortController().signal, onCell }: ExecuteOptions,
): Promise<Executed> {
  checkLanguage(notebook);
  const cells = notebook.cells.map((cell): NotebookCell =>
    runs(cell) ? { ...cell, execution_count: null, outputs: [] } : cell
  );
  const executed = () => ({ ...notebook, cells });
  const sources = cells.map((cell) => runs(cell) ? sourceText(cell) : "");
  const kept = withKeptValues(sources);
  kept.catch(() => {}); // told when it is waited for
  await using kernel = await Kernel.start(cwd, signal);
  const run = await kept;
  const displays: Displays = new Map();
  for (const [i, cell] of cells.entries()) {
    const source = run[i];
    if (source.trim() === "") continue;
    onCell?.(i + 1, cells.length);
    const collector = new OutputCollector(displays);
    const { outputs } = collector;
    let failure: Omit<CellFailure, "cell"> | undefined;
    let count: number | null = null;
    try {
      const execution = await runCell(kernel, source, collector, timeout, signal);
      count = execution.count;
      failure = await findFailure(source, outputs, execution, kernel.process.folder);
      if (hasTag(cell, "raises-exception")) failure = undefined;
    } catch (error) {
      if (!(error instanceof KernelDeath)) throw error;
      const [ename, evalue] = ["KernelDeath", error.message];
      outputs.push({ output_type: "error", ename, evalue, traceback: [evalue] });
      failure = { message: evalue };
    }
    cells[i] = { ...cell, execution_count: count, outputs };
    if (failure) return { notebook: executed(), failure: { cell: i + 1, ...failure } };
  }
  return { notebook: executed() };
}

/** Whether a cell is run: code is, but for the tag with which nbclient leaves it out, too. */
function runs(cell: NotebookCell): boolean {
  return cell.cell_type === "code" && !hasTag(cell, "skip-execution");
}

/** Runs one cell; kills the kernel where that takes too long. */
async function runCell(
  kernel: Kernel,
  source: string,
  collector: OutputCollector,
  timeout: number,
  signal: AbortSignal,
): Promise<Execution> {
  const stopped = Promise.withResolvers<never>();
  const abort = () => stopped.reject(signal.reason);
  // An interrupt would leave the kernel wedged where the cell awaits something.
  const timer = setTimeout(() => {
    const text = `the cell took longer than ${timeout} s and the kernel was killed`;
    stopped.reject(new KernelDeath(text));
  }, timeout * 1000);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    const execution = kernel.execute(source, (output) => collector.take(output));
    const { report, ...ended } = await Promise.race([execution, stopped.promise]);
    if (report !== "") {
      collector.take({ type: "stream", content: { name: "stdout", text: report } });
    }
    return { report, ...ended };
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
    `Cannot run a notebook in ${language}: its kernel is ${kernelspec?.name}, wanted deno`,
    { next: "choose the Deno kernel for it in Jupyter" },
  );
}
