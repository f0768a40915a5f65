/**
 * What runs beside the cells, in the process that evaluates them: it tells the kernel what
 * they put out and which cell did it, and lets the kernel stop them. It imports nothing of
 * the project, so that it means the same wherever a notebook lies.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers"; // the global one is not there yet when the first cell runs
import { addCellTests, type TestFailure } from "./cell_tests.ts";
import { jupyterApi } from "./jupyter_api.ts";
import type { HostMessage } from "./messages.ts";
import { takePrints } from "./prints.ts";
import { nameCells, stackLines } from "./stacks.ts";
import { askForInput } from "./input.ts";
import { listVariables, type VariableList } from "./variables.ts";
import { Interrupted, Waits } from "./waits.ts";

/** What the kernel gives a host. */
export interface HostOptions {
  /** Tells marks from what is printed. */
  readonly key: string;
  /** A folder of this kernel alone. */
  readonly folder: string;
}

/** What the translated cells and the kernel call. */
export interface Host {
  /** Imports a module as the notebook does. */
  load(specifier: string, options?: ImportCallOptions): Promise<Record<string, unknown>>;
  /** The module itself, if it has all names that the cell uses. */
  having<T extends object>(module: T, specifier: string, names: readonly string[]): T;
  /** `import.meta` of the notebook. */
  readonly meta: ImportMeta;
  /** Starts an execution. */
  begin(cell: number): void;
  /** Whether the code of an execution has begun to run. */
  hasBegun(cell: number): boolean;
  /** Lets the event loop run: what runs from there on can be stopped. */
  turn(): Promise<void>;
  /** Awaits what a cell awaits, until the kernel stops it. */
  wait(value: unknown, line: number): unknown;
  /** The same for what `for await` goes through. */
  each(values: AsyncIterable<unknown> | Iterable<unknown>, line: number): AsyncIterable<unknown>;
  /** Remembers where a cell throws what may not tell itself; gives it back. */
  thrown<T>(value: T, line: number): T;
  /** Takes the value of a cell. */
  value(value: unknown): void;
  /** Shows the value or what was thrown, at a line that it may not tell itself; runs the tests. */
  end(cell: number, failed: boolean, error: unknown, line?: number): Promise<void>;
  /** Ends an execution that has come to its end; errors of what it shows have no line of the call. */
  finish(cell: number): Promise<void>;
  /** Ends an execution that was stopped. */
  stopped(cell: number): Promise<void>;
  /** Stops what cells wait for. */
  interrupt(): void;
  /** Hears the variables of all cells, as getters, and lists them. */
  variablesAre: VariableList["variablesAre"];
  /** Hands over a message of a comm. */
  comm(type: string, content: unknown): void;
  /** The value of an expression of the user, in the forms that a result has. */
  format(value: unknown): Promise<Record<string, unknown>>;
}

/** Cells may put another in its place. */
const { stringify } = JSON;

/** From this many characters on, the content of a message goes through a file. */
const BIG = 256 * 1024;

/** The name of the object that cells and kernel call. */
export const HOST = "__dinoflow";

/** Prepares the process; cells can be evaluated then. */
export function prepareHost(
  notebook: Pick<Host, "load" | "meta">,
  { key, folder }: HostOptions,
): void {
  const context = new AsyncLocalStorage<number>();
  let current = 0;
  let files = 0;
  let value: unknown;
  const cellNow = () => context.getStore() ?? current;
  const prints = takePrints(key, cellNow);
  const waits = new Waits();

  const send = (
    type: string,
    content: unknown,
    { cell = cellNow(), metadata, buffers }: Partial<HostMessage> = {},
  ) => {
    const text = stringify(content ?? {});
    const message: Omit<HostMessage, "content"> = { type, cell, metadata, buffers };
    if (text.length < BIG) {
      return prints.mark(`${stringify(message).slice(0, -1)},"content":${text}}`);
    }
    const file = `${folder}/output-${files++}.json`;
    Deno.writeTextFileSync(file, text);
    prints.mark(stringify({ ...message, file }));
  };

  const { jupyter, format, comm } = jupyterApi(send);
  const listed = listVariables(() => send("variables_request", {}));
  Deno.jupyter = Object.assign(jupyter, { variables: listed.variables });
  const runTests = addCellTests();
  nameCells();
  Object.assign(console, { clear: () => send("clear_output", { wait: false }) });
  askForInput((prompt) => send("input_request", { prompt, password: false }));

  // The process would wait for the inspector to go.
  addEventListener("unload", () => send("exit", {}));

  const problem = (error: unknown, why: string) => {
    const { ename, evalue, traceback } = stackLines(error, waits.placeOf(error));
    const told = `${evalue} (${why})`;
    const lines = [`${ename}: ${told}`, ...traceback.slice(evalue.split("\n").length)];
    const cell = /\bIn\[(\d+)\]/.exec(traceback.join("\n"))?.[1];
    send("error", { ename, evalue: told, traceback: lines }, {
      cell: cell === undefined ? cellNow() : Number(cell),
    });
  };
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    problem(event.reason, "a promise that nothing awaits was rejected");
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    // What was thrown may be null; who dispatched an event himself may have given it no error.
    const thrown = event.error ?? (/^Uncaught/.test(event.message) ? event.error : event.message);
    problem(thrown, "thrown in a callback");
  });

  async function showValue(): Promise<void> {
    const shown = value;
    value = undefined;
    if (shown === undefined) return;
    send("execute_result", {
      execution_count: current,
      data: await format(shown),
      metadata: {},
    });
  }

  async function report(): Promise<void> {
    const failure: TestFailure | undefined = await runTests(prints.print);
    if (failure === undefined) return;
    const { message, error } = failure;
    const { traceback } = stackLines(error, undefined);
    send("error", {
      ename: "TestFailure",
      evalue: message,
      traceback: [`TestFailure: ${message}`, ...traceback.filter((line) => /^\s+at /.test(line))],
    });
  }

  const host: Host = {
    ...notebook,
    begin(cell) {
      current = cell;
      value = undefined;
      waits.begin();
      context.enterWith(cell);
      prints.mark(); // what children write is this cell's from here on
    },
    hasBegun: (cell) => current === cell,
    having(module, specifier, names) {
      const missing = names.find((name) => !(name in module));
      if (missing === undefined) return module;
      const has = Object.keys(module).slice(0, 20).join(", ");
      const message = `The module "${specifier}" has no export ${missing}`;
      throw Object.assign(new SyntaxError(message), {
        next: has === "" ? "it exports nothing" : `it exports ${has}`,
      });
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    wait: (awaited, line) => waits.wait(awaited, () => `In[${cellNow()}]:${line}`),
    each: (values, line) => waits.each(values, () => `In[${cellNow()}]:${line}`),
    thrown(thrown, line) {
      waits.remember(thrown, `In[${cellNow()}]:${line}`);
      return thrown;
    },
    value: (given) => void (value = given),
    async end(cell, failed, error, line) {
      context.enterWith(cell);
      await host.turn();
      try {
        if (failed) {
          send("error", stackLines(error, waits.placeOf(error) ?? (line && `In[${cell}]:${line}`)));
        } else await waits.wait(showValue(), () => `In[${cell}]:1`);
        await waits.wait(report(), () => `In[${cell}]:1`);
      } catch (error) {
        send("error", stackLines(error, waits.placeOf(error)));
      }
      await host.turn(); // rejections are told in a turn of their own
      send("cell_end", {}, { cell });
    },
    finish: (cell) =>
      new Promise((resolve, reject) => {
        // A function of its own: the engine follows promises to those who wait for them.
        host.end(cell, false, undefined).then(() => resolve(), (error) => reject(error));
      }),
    stopped: (cell) => host.end(cell, true, new Interrupted()),
    interrupt: () => waits.interrupt(),
    variablesAre: listed.variablesAre,
    comm,
    format,
  };
  Object.defineProperty(globalThis, HOST, { value: host });
  Object.defineProperty(globalThis, Symbol.for("dinoflow.signal"), {
    value: () => waits.signal,
  });
}
