/** What a step does to its process: it prints, ends it, moves it, leaves an error behind. */

import { alarm, nodeModule, UserError } from "../../base/mod.ts";

/** Which stream a step printed to. */
export type StreamName = "stdout" | "stderr";

/** Who hears of it. */
export interface StepHooks {
  /** Hears each line that is printed. */
  readonly print: (stream: StreamName, line: string) => void;
  /** Hears of what ends the step from outside of its own flow; `false` if it is too late for that. */
  readonly fail: (error: Error) => boolean | void;
}

/** Thrown if a step calls for the end of the process, and told as its error. */
export class StepExit extends UserError {
  override name = "StepExit";

  /** Takes the exit code that was asked for. */
  constructor(code: number) {
    super(`Cannot let a step end the process: it called for an exit with ${code}`, {
      next: "return to end the step, throw to fail it",
    });
  }
}

/** Prints in the form of the platform's console. */
type ConsoleOf = new (print: (text: string, level: number) => void) => Console;

/** Seconds that children of a step which is done have to say the rest. */
const LAST_WORDS = 1;

/** Levels above this one a console writes to the standard error. */
const INFORMATION = 1;

/** Lines of one step, put together from what it writes. */
class Lines {
  readonly #rest = { stdout: "", stderr: "" };
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  constructor(private readonly hooks: StepHooks) {}

  write(stream: StreamName, bytes: Uint8Array | string): void {
    const text = typeof bytes === "string"
      ? bytes
      : this.#decoders[stream].decode(bytes, { stream: true });
    const lines = (this.#rest[stream] + text).split(/\r?\n/);
    this.#rest[stream] = lines.pop()!;
    for (const line of lines) this.hooks.print(stream, line);
  }

  end(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#rest[stream] !== "") this.hooks.print(stream, this.#rest[stream]);
      this.#rest[stream] = "";
    }
  }
}

/** A step at work. */
interface Scope {
  readonly hooks: StepHooks;
  readonly lines: Lines;
  /** Output of its child processes that is still being read. */
  readonly reading: Set<Promise<void>>;
}

/** The steps at work; the last is asked if an error does not say whose it is. */
const working = new Set<Scope>();
let current: () => Scope | undefined = () => undefined;
let run: <T>(scope: Scope | undefined, work: () => T) => T;

/** Runs a step's work; what it prints is heard, and it cannot end or move the process. */
export async function inStep<T>(hooks: StepHooks, work: () => T): Promise<Awaited<T>> {
  if (run === undefined) {
    const { AsyncLocalStorage } = nodeModule("node:async_hooks");
    const storage = new AsyncLocalStorage<Scope | undefined>();
    current = () => storage.getStore();
    run = (scope, work) => storage.run(scope, work);
    takeOver();
    takeNode();
  }
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => {}); // it may come after the work
  const lines = new Lines(hooks);
  const fail = (error: Error) => {
    reject(error);
    return hooks.fail(error);
  };
  const scope: Scope = { hooks: { ...hooks, fail }, lines, reading: new Set() };
  const folder = Deno.cwd();
  working.add(scope);
  try {
    return await Promise.race([run(scope, work), ended]);
  } finally {
    await lastWords(scope);
    working.delete(scope);
    if (!isIn(folder)) {
      Deno.chdir(folder);
      hooks.print("stderr", `The step changed the working directory: it is ${folder} again`);
    }
  }
}

/** Does something that is not the step's, though it comes from its work. */
export function outside<T>(work: () => T): T {
  return current() === undefined ? work() : run(undefined, work);
}

/** Prints as the step that calls this, also later and from elsewhere. */
export function printer(): StepHooks["print"] {
  return current()?.hooks.print ?? (() => {});
}

/** Hears all of this thread as one step's. */
export function asStep(hooks: StepHooks): void {
  const scope: Scope = { hooks, lines: new Lines(hooks), reading: new Set() };
  current = () => scope;
  takeOver();
  takeNodeLater();
}

/** Hears the last line of a thread that is heard as a step. */
export async function endStep(): Promise<void> {
  const scope = current();
  if (scope) await lastWords(scope);
}

async function lastWords({ reading, lines }: Scope): Promise<void> {
  if (reading.size > 0) {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _alarm = alarm(LAST_WORDS, resolve);
    await Promise.race([promise, Promise.allSettled(reading)]);
  }
  lines.end();
}

function isIn(folder: string): boolean {
  try {
    return Deno.cwd() === folder;
  } catch {
    return false; // it is in one that is gone
  }
}

/** Puts itself in the place of what a step may call; outside of steps nothing is different. */
function takeOver(): void {
  takeConsole();
  for (const name of ["stdout", "stderr"] as const) takeStream(name);
  Deno.exit = refusing(Deno.exit);
  takeCommand();
  globalThis.addEventListener("unhandledrejection", (event) => take(event, event.reason));
  globalThis.addEventListener("error", (event) => take(event, event.error));
}

function take(event: Event, error: unknown): void {
  const scope = current() ?? [...working].at(-1);
  if (!(error instanceof StepExit)) {
    if (scope === undefined) return;
    const heard = scope.hooks.fail(error instanceof Error ? error : new Error(String(error)));
    if (heard === false) return; // its run is over: nobody would be told
  }
  event.preventDefault();
}

function takeConsole(): void {
  const platform = (Deno as unknown as Record<symbol, { Console: ConsoleOf }>)[
    (Deno as unknown as { internal: symbol }).internal
  ];
  const heard = new platform.Console((text, level) =>
    current()?.lines.write(level > INFORMATION ? "stderr" : "stdout", text)
  ) as unknown as Record<string, unknown>;
  const original = globalThis.console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(original)) {
    const other = heard[name];
    if (typeof method !== "function" || typeof other !== "function") continue;
    original[name] = (...args: unknown[]) => (current() ? other : method)(...args);
  }
}

function takeStream(name: StreamName): void {
  const stream = Deno[name];
  const [write, writeSync] = [stream.write.bind(stream), stream.writeSync.bind(stream)];
  const own = stream.writable;
  const hear = (bytes: Uint8Array) => {
    current()?.lines.write(name, bytes);
    return bytes.length;
  };
  stream.write = (bytes) => current() ? Promise.resolve(hear(bytes)) : write(bytes);
  stream.writeSync = (bytes) => current() ? hear(bytes) : writeSync(bytes);
  Object.defineProperty(stream, "writable", {
    configurable: true,
    get: () => current() ? new WritableStream({ write: (bytes) => void hear(bytes) }) : own,
  });
}

type Exit = (code?: number) => never;

function refusing(exit: Exit): Exit {
  return (code) => {
    const scope = current();
    if (scope === undefined) return exit(code);
    const error = new StepExit(Number(code ?? Deno.exitCode));
    scope.hooks.fail(error);
    throw error;
  };
}

/** The same for the process as packages of Node see it; to load it takes a thread its time. */
function takeNode(): void {
  const node = nodeModule("node:process");
  node.exit = refusing(node.exit as Exit) as typeof node.exit;
  for (const name of ["stdout", "stderr"] as const) {
    const write = node[name].write.bind(node[name]) as (...args: unknown[]) => boolean;
    node[name].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      if (current() === undefined) return write(chunk, ...rest);
      current()!.lines.write(name, chunk);
      const done = rest.at(-1);
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    };
  }
}

/** Takes it when it is first asked for. */
function takeNodeLater(): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  Object.defineProperty(globalThis, "process", {
    configurable: true,
    get() {
      Object.defineProperty(globalThis, "process", own);
      takeNode();
      return globalThis.process;
    },
  });
}

/** Child processes that would print into the run's streams print into the step's. */
function takeCommand(): void {
  const Own = Deno.Command;
  const names = ["stdout", "stderr"] as const;
  class Heard extends Own {
    readonly #scope = current();
    readonly #given: [string | URL, Deno.CommandOptions];

    constructor(program: string | URL, options: Deno.CommandOptions = {}) {
      super(program, options);
      this.#given = [program, options];
    }

    /** The streams that are the run's, and the command with pipes in their place. */
    #piped(unsaid: "inherit" | "piped"): [readonly StreamName[], Deno.Command] {
      const [program, options] = this.#given;
      const own = names.filter((name) => (options[name] ?? unsaid) === "inherit");
      const pipes = Object.fromEntries(own.map((name) => [name, "piped" as const]));
      return this.#scope ? [own, new Own(program, { ...options, ...pipes })] : [[], this];
    }

    override spawn(): Deno.ChildProcess {
      const [streams, command] = this.#piped("inherit");
      if (streams.length === 0) return super.spawn();
      const child = command.spawn();
      const { lines, reading } = this.#scope!;
      for (const name of streams) {
        const read = async () => {
          for await (const bytes of child[name]) lines.write(name, bytes);
        };
        const done = read().catch(() => {}); // a child that is killed says no more
        reading.add(done);
        void done.finally(() => reading.delete(done));
      }
      return child;
    }

    override async output(): Promise<Deno.CommandOutput> {
      const [streams, command] = this.#piped("piped");
      if (streams.length === 0) return await super.output();
      return this.#tell(streams, await command.output());
    }

    override outputSync(): Deno.CommandOutput {
      const [streams, command] = this.#piped("piped");
      if (streams.length === 0) return super.outputSync();
      return this.#tell(streams, command.outputSync());
    }

    #tell(streams: readonly StreamName[], output: Deno.CommandOutput): Deno.CommandOutput {
      for (const name of streams) this.#scope!.lines.write(name, output[name]);
      return output;
    }
  }
  Object.defineProperty(Deno, "Command", { value: Heard, configurable: true, writable: true });
}
