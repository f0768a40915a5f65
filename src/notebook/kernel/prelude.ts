/**
 * What a kernel loads before the first cell. It makes up for what the kernel of Deno
 * does not say or does not do: it names errors that no cell awaits, ends each cell with
 * a message that comes after all of its outputs, and hands over outputs that are too big
 * for the kernel's stream as files.
 */

import { type Print, showChildren, showWrites } from "./shown_writes.ts";

/** An error that came up beside a cell's own run. */
export interface Problem {
  /** How it came up: a promise that nothing awaits, or a timer or another callback. */
  readonly kind: "rejection" | "error";
  /** Name of the error. */
  readonly name: string;
  /** What it says. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack: string;
}

/** The message that ends a cell. */
export interface CellEnd {
  /** Errors that no cell awaited. */
  readonly problems: readonly Problem[];
  /** How many tests the cell has registered; the kernel then writes their report. */
  readonly tests: number;
  /** A file that the kernel waits for before it goes on; to be written at once. */
  readonly receipt?: string;
}

/** Type of the message that ends a cell; its content is a {@link CellEnd}. */
export const CELL_END = "dinoflow_cell_end";

/** Type of the message for an output in a file: `{ type, file }`. */
export const OUTPUT_FILE = "dinoflow_output_file";

/** Outputs from this many characters on go through files: the kernel breaks its stream with big ones. */
const BIGGEST = 128 * 1024;

/** From this many characters of outputs on, the kernel waits until all have arrived. */
const MANY = 512 * 1024;

/** Where {@link prepareKernel} leaves the function that ends a cell. */
const END_CELL = "dinoflow.endCell";

/** Where it leaves the function that a cell's value goes through, so that none is lost. */
export const KEEP_VALUE = "dinoflow.keepValue";

/** A value that the kernel would lose. */
class KeptValue {
  constructor(readonly value: null | number | bigint) {}
}

/** Wraps what JSON has no word for. */
function keepValue(value: unknown): unknown {
  if (value === null || typeof value === "bigint") return new KeptValue(value);
  const isLost = typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0));
  return isLost ? new KeptValue(value) : value;
}

/** What to run as the first, silent cell; `folder` is for this kernel alone. */
export function preludeSource(folder: string): string {
  return `(await import(${JSON.stringify(import.meta.url)})).prepareKernel(${
    JSON.stringify(folder)
  })`;
}

/** What to run silently after a cell that failed, to end it as others end by themselves. */
export const endCellSource = `await globalThis[Symbol.for("${END_CELL}")]()`;

/** The insides of Deno that the kernel uses, as far as they are needed. */
interface Internals {
  readonly jupyter: {
    formatInner(value: unknown, raw?: boolean): Promise<Record<string, unknown>>;
    broadcastResult(count: number, result: unknown): Promise<void>;
  };
  readonly core: { print(text: string, toStderr: boolean): void };
}

/** Prepares the kernel in which it is called. */
export function prepareKernel(folder: string): void {
  const { jupyter } = Deno;
  const deno = Deno as unknown as { internal: symbol } & Record<symbol, Internals>;
  const internals = deno[deno.internal];
  const kernelBroadcast = jupyter.broadcast;
  let problems: Problem[] = [];
  let tests = 0;
  let written = 0;
  let files = 0;

  jupyter.broadcast = (type, content, extra) => {
    const text = JSON.stringify(content);
    written += text.length;
    if (text.length < BIGGEST || extra?.buffers?.length) {
      return kernelBroadcast(type, content, extra);
    }
    const file = `${folder}/output-${files++}.json`;
    Deno.writeTextFileSync(file, text);
    return kernelBroadcast(OUTPUT_FILE, { type, file });
  };

  jupyter.display = async (value, options) => {
    const data = await internals.jupyter.formatInner(value, options?.raw);
    const { display_id, update } = options ?? {};
    const transient = display_id === undefined ? {} : { display_id };
    const type = update ? "update_display_data" : "display_data";
    await jupyter.broadcast(type, { data, metadata: {}, transient });
  };

  internals.jupyter.broadcastResult = async (execution_count, result) => {
    try {
      if (result !== undefined) {
        const data = result instanceof KeptValue
          ? { "text/plain": Deno.inspect(result.value, { colors: !Deno.noColor }) }
          : await jupyter.format(result);
        const content = { execution_count, data, metadata: {}, transient: {} };
        await jupyter.broadcast("execute_result", content);
      }
    } catch (error) {
      const { name, message, stack } = describe(error);
      const content = { ename: name, evalue: message, traceback: stack.split("\n") };
      await jupyter.broadcast("error", content);
    }
    await endCell();
  };

  const print: Print = (text, toStderr) => {
    written += text.length;
    for (const piece of pieces(text)) internals.core.print(piece, toStderr);
  };
  showWrites(print);
  showChildren(print);
  watchConsole((size) => written += size, internals.core.print);
  watchTests(() => tests++);
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    problems.push({ kind: "rejection", ...describe(event.reason) });
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    problems.push({ kind: "error", ...describe(event.error ?? event.message) });
  });

  async function endCell(): Promise<void> {
    await pause(0); // rejections are told in a turn of their own
    const end = { problems, tests };
    const receipt = written < MANY ? undefined : `${folder}/receipt-${files++}`;
    [problems, tests, written] = [[], 0, 0];
    kernelBroadcast(CELL_END, receipt === undefined ? end : { ...end, receipt });
    while (receipt !== undefined) {
      try {
        return Deno.removeSync(receipt);
      } catch {
        await pause(2); // it is not there yet
      }
    }
  }
  Object.defineProperty(globalThis, Symbol.for(END_CELL), { value: endCell });
  Object.defineProperty(globalThis, Symbol.for(KEEP_VALUE), { value: keepValue });
}

/** Tells of what is printed, and prints long texts in pieces. */
function watchConsole(
  tell: (size: number) => void,
  print: (text: string, toStderr: boolean) => void,
): void {
  const kernelConsole = console as unknown as Record<string, (...values: unknown[]) => void>;
  for (const method of ["log", "info", "debug", "warn", "error"]) {
    const short = kernelConsole[method];
    kernelConsole[method] = (...values) => {
      const size = values.reduce(
        (sum: number, value) => sum + (typeof value === "string" ? value.length : 0),
        0,
      );
      tell(size);
      if (size < BIGGEST) return short(...values);
      const words = values.map((value) => typeof value === "string" ? value : Deno.inspect(value));
      for (const piece of pieces(`${words.join(" ")}\n`)) {
        print(piece, method === "warn" || method === "error");
      }
    };
  }
}

function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + BIGGEST);
    if (/[\uD800-\uDBFF]/.test(text[to - 1])) to++; // both halves of a character together
    yield text.slice(from, to);
    from = to;
  }
}

/** Tells of each test that is declared; the kernel puts its own `Deno.test` in place later. */
function watchTests(tell: () => void): void {
  let kernelTest = Deno.test;
  const watched = (declare: typeof Deno.test): typeof Deno.test =>
    new Proxy(declare, {
      apply(_, __, given) {
        tell();
        return Reflect.apply(declare, Deno, given);
      },
      get(_, name) {
        const found = Reflect.get(declare, name);
        return name === "only" || name === "ignore" ? watched(found) : found;
      },
    });
  Object.defineProperty(Deno, "test", {
    configurable: true,
    get: () => watched(kernelTest),
    set: (test: typeof Deno.test) => kernelTest = test,
  });
}

function describe(error: unknown): Omit<Problem, "kind"> {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: "" };
  return { name: error.name, message: error.message, stack: error.stack ?? "" };
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
