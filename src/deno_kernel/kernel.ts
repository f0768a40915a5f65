/** A running kernel that executes cells. */

import { ServiceError } from "../base/mod.ts";
import { cellName } from "./code/cell_script.ts";
import { scriptOf, translateCells, type Translated, type Unreadable } from "./code/translate.ts";
import type { HostMessage } from "./host/messages.ts";
import { alreadyDeclared, syntaxError } from "./advice.ts";
import { NO_ANSWER } from "./host/input.ts";
import { type Evaluation, Inspector, InspectorClosed, type RemoteValue } from "./inspector.ts";
import { MarkedStreams } from "./marked_streams.ts";
import { KernelProcess } from "./process.ts";
import { cannotStart, within } from "./start_time.ts";
import { ToldErrors } from "./told_errors.ts";
import { listedVariables } from "./variables.ts";
import { withoutDeno } from "./without_deno.ts";

/** An output, or another message of Jupyter, as a kernel sends it. */
export interface KernelOutput {
  /** `stream`, `display_data`, `update_display_data`, `execute_result`, `error`, `clear_output` … */
  readonly type: string;
  /** What it says, by its type. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Metadata of the message. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Bytes beside it, as base64. */
  readonly buffers?: readonly string[];
}

/** Hears a kernel. */
export interface KernelListener {
  /** An output of an execution, which may have ended: its timers and promises live on. */
  output(output: KernelOutput, execution: number): void;
  /** A cell asks for a line; undefined if nobody answers. */
  input?(prompt: string, execution: number): Promise<string | undefined>;
}

/** How an execution ended. */
export interface Execution {
  /** Whether it came to its end; what it threw is among its outputs. */
  readonly ok: boolean;
}

/** How often a kernel is started if it ends before it runs. */
const ATTEMPTS = 2;

/** Milliseconds in which what waits has to end when it is stopped, before what runs is ended. */
const GRACE = 250;

/** Milliseconds in which the engine has to hear that it is to stop, on a busy machine. */
const TIME_TO_HEAR = 2000;

/** Milliseconds in which a process whose inspector is gone has to end. */
const TIME_TO_END = 5000;

interface Running {
  readonly cell: number;
  readonly ended: PromiseWithResolvers<void>;
  readonly stopped: PromiseWithResolvers<"stopped">;
  failed: boolean;
  /** Whether it was asked to stop. */
  stopping: boolean;
  over: boolean;
}

/** A kernel; disposing of it ends its process at once. */
export class Kernel implements AsyncDisposable {
  readonly #broken = Promise.withResolvers<never>();
  readonly #errors: ToldErrors;
  #running: Running | undefined;
  #host = "";
  #asking = false;
  /** Whether the process ends: what Deno says then is not an output. */
  #closing = false;

  private constructor(
    private readonly process: KernelProcess,
    readonly inspector: Inspector,
    readonly listener: KernelListener,
    cwd: string,
  ) {
    this.#errors = new ToldErrors(cwd);
    this.#broken.promise.catch(() => {}); // told to whoever executes; nobody may
    process.ended.then((end) => this.#broken.reject(new KernelDeath(`the kernel ended (${end})`)));
  }

  /**
   * Starts a kernel in the folder `cwd`.
   *
   * @throws {ServiceError} if it does not start; what `signal` says where it aborts.
   */
  static async start(
    cwd: string,
    signal: AbortSignal,
    listener: KernelListener,
  ): Promise<Kernel> {
    for (let attempt = 1;; attempt++) {
      const key = crypto.randomUUID();
      const process = await KernelProcess.start(cwd, key);
      try {
        return await open(process, key);
      } catch (error) {
        await process[Symbol.asyncDispose]();
        signal.throwIfAborted();
        if (!(error instanceof ServiceError) || attempt === ATTEMPTS) throw error;
      }
    }

    async function open(process: KernelProcess, key: string): Promise<Kernel> {
      const streams = new MarkedStreams(key, {
        text: (name, text, cell) => {
          const shown = name === "stderr" ? withoutDeno(text) : text;
          // What is said before the first cell is not an output.
          if (cell === 0 || shown === "" || kernel.#closing) return;
          listener.output({ type: "stream", content: { name, text: shown } }, cell);
        },
        message: (message) => kernel.#take(message),
      });
      process.onBytes = (pipe, bytes) => streams.bytes(pipe, bytes);
      const url = await within(process.inspector, signal);
      const inspector = await Inspector.connect(url);
      const kernel = new Kernel(process, inspector, listener, cwd);
      await inspector.post("Runtime.runIfWaitingForDebugger");
      await kernel.#ready(signal);
      return kernel;
    }
  }

  /**
   * Executes a cell under a number of its own, from 1; all of its outputs are told before it resolves, but for what its timers
   * and promises put out later.
   *
   * @throws {KernelDeath} if the kernel ends.
   */
  async execute(cell: Translated | Unreadable, count: number): Promise<Execution> {
    if ("message" in cell) {
      this.listener.output({ type: "error", content: syntaxError(cell, count) }, count);
      return { ok: false };
    }
    if (cell.map !== undefined) this.#errors.map(count, cell.map);
    const running: Running = {
      cell: count,
      ended: Promise.withResolvers(),
      stopped: Promise.withResolvers(),
      ...{ failed: false, stopping: false, over: false },
    };
    this.#running = running;
    try {
      const evaluation = this.#evaluate(cell, count);
      evaluation.catch(() => {}); // it may end after it was given up
      const end = await this.#unlessBroken(Promise.race([evaluation, running.stopped.promise]));
      const told = this.#end(running, end);
      told.catch(() => {}); // the same
      const stopped = await this.#unlessBroken(Promise.race([told, running.stopped.promise]));
      // What shows a value, or a test, was stopped.
      if (stopped === "stopped" && end !== "stopped") {
        await this.#unlessBroken(
          Promise.race([this.#end(running, stopped), running.ended.promise]),
        );
      }
      await this.#unlessBroken(running.ended.promise);
      return { ok: !running.failed };
    } catch (error) {
      if (error instanceof InspectorClosed) {
        // The process ends by itself; if it does not, nothing can be run in it any more.
        alarm(TIME_TO_END, undefined).then(() => this[Symbol.asyncDispose]());
        return await this.#broken.promise;
      }
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  /**
   * Stops the execution that is under way; variables stay.
   *
   * @returns Whether it could be: code of a library outside of the engine cannot.
   */
  async interrupt(): Promise<boolean> {
    const running = this.#running;
    if (running === undefined) return true;
    const over = running.ended.promise.then(() => true);
    const again = running.stopping;
    running.stopping = true;
    await this.#reply(undefined);
    // What runs is let in, but its promises are not: nothing is awaited there.
    const told = this.inspector.post("Runtime.callFunctionOn", {
      objectId: this.#host,
      functionDeclaration: "function () { this.interrupt() }",
    }).then(() => true, () => true);
    if (!await Promise.race([told, alarm(TIME_TO_HEAR, false)])) return false;
    if (await Promise.race([over, alarm(GRACE, false)])) return true;
    const terminated = this.inspector.post("Runtime.terminateExecution").then(
      () => true,
      () => true,
    );
    if (!await Promise.race([terminated, over, alarm(TIME_TO_HEAR, false)])) return false;
    if (running.over) return true;
    running.stopped.resolve("stopped");
    // One that was stopped before, and goes on, has changed what the host needs.
    return !again || await Promise.race([over, alarm(TIME_TO_HEAR, false)]);
  }

  /** Hands a message of a comm to the cells. */
  async comm(type: string, content: unknown): Promise<void> {
    await this.#call("comm", type, content);
  }

  /** An expression's value in the forms that a result has, or what it threw. */
  async evaluate(
    { script }: Translated,
  ): Promise<{ readonly data: Record<string, unknown> } | { readonly error: string }> {
    const { result, exceptionDetails } = await this.#unlessBroken(
      this.inspector.post<Evaluation>("Runtime.evaluate", {
        expression: `(async () => {let given; const __dinoflow = Object.assign(Object.create(
          globalThis.__dinoflow), { value: (value) => given = value }); ${script}
          ; return await globalThis.__dinoflow.format(await given) })()`,
        ...{ awaitPromise: true, returnByValue: true, silent: true },
      }),
    );
    if (exceptionDetails === undefined) return { data: result.value as Record<string, unknown> };
    const thrown = exceptionDetails.exception as { description?: string } | undefined;
    return { error: thrown?.description?.split("\n")[0] ?? exceptionDetails.text };
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.process[Symbol.asyncDispose]();
  }

  #close(): void {
    this.#closing = true;
    this.inspector[Symbol.dispose]();
  }

  /** Waits until the host is there. */
  async #ready(signal: AbortSignal): Promise<void> {
    const asked = this.#unlessBroken((async () => {
      for (;;) {
        const { result } = await this.inspector.post<Evaluation>("Runtime.evaluate", {
          expression: "globalThis.__dinoflow",
        });
        if (result.objectId !== undefined) return result.objectId;
        await alarm(2, undefined);
      }
    })());
    try {
      this.#host = await within(asked, signal);
    } catch (error) {
      if (!(error instanceof InspectorClosed) && !(error instanceof KernelDeath)) throw error;
      throw cannotStart(await this.process.ended);
    }
  }

  /** Evaluates a cell; once more, with assignments, if it declares what cannot be declared again. */
  async #evaluate(cell: Translated, count: number): Promise<Evaluation> {
    const taken: string[] = [];
    for (let now = cell;;) {
      const evaluation = await this.inspector.post<Evaluation>("Runtime.evaluate", {
        expression: scriptOf(now, count, cellName(count)),
        ...{ replMode: true, awaitPromise: true, objectGroup: "cell", silent: true },
      });
      const { description = "" } = evaluation.exceptionDetails?.exception ?? {};
      const name = alreadyDeclared(description.replace(/^SyntaxError: /, ""));
      if (name === undefined || taken.includes(name)) return evaluation;
      // The engine says so before anything has run; whoever evaluates a text may say so, too.
      const { result: begun } = await this.#call("hasBegun", count);
      if (begun.value === true) return evaluation;
      taken.push(name);
      const [next] = await translateCells([cell.source], taken);
      if ("message" in next) return evaluation;
      now = next;
    }
  }

  async #end(running: Running, end: Evaluation | "stopped"): Promise<void> {
    const { cell } = running;
    const thrown = end === "stopped" ? undefined : end.exceptionDetails;
    if (end !== "stopped" && thrown === undefined) return; // its script has told the end
    const line = thrown?.exception?.className === "SyntaxError" ? thrown.lineNumber + 1 : 0;
    const { exceptionDetails: wrong } = end === "stopped"
      ? await this.#call("stopped", cell)
      : await this.#call("end", cell, true, { remote: thrown!.exception ?? end.result }, line);
    if (wrong !== undefined && !running.over) {
      if (running.stopping && end !== "stopped") return; // it is told that it was stopped
      this.#giveUp(running, wrong.exception?.description ?? wrong.text);
    }
    if (end === "stopped" || end.result.objectId === undefined) return;
    await this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: "cell" });
  }

  /** Ends a cell of which the host cannot tell the end. */
  #giveUp(running: Running, why: string): void {
    const evalue = `A cell has changed what the kernel needs: ${why.split("\n")[0]}`;
    const traceback = [`KernelError: ${evalue}`, "next: restart the kernel"];
    const content = { ename: "KernelError", evalue, traceback };
    this.listener.output({ type: "error", content }, running.cell);
    Object.assign(running, { failed: true, over: true });
    running.ended.resolve();
  }

  /** Calls a function of the host. */
  async #call(name: string, ...given: unknown[]): Promise<Evaluation> {
    const inner = given.map((value) => {
      const { remote } = (value ?? {}) as { remote?: RemoteValue };
      if (remote === undefined) return { value };
      const { objectId, unserializableValue } = remote;
      if (objectId !== undefined) return { objectId };
      return unserializableValue === undefined ? { value: remote.value } : { unserializableValue };
    });
    return await this.inspector.post<Evaluation>("Runtime.callFunctionOn", {
      objectId: this.#host,
      functionDeclaration: `function (...given) { return this.${name}(...given) }`,
      arguments: inner,
      ...{ awaitPromise: true, returnByValue: true, silent: true },
    });
  }

  #take(message: HostMessage): void {
    const { type, cell, metadata, buffers } = message;
    if (type === "cell_end") {
      const running = this.#running;
      if (running?.cell !== cell) return;
      running.over = true;
      return running.ended.resolve();
    }
    let content = message.content as Record<string, unknown>;
    if (message.file !== undefined) {
      content = JSON.parse(Deno.readTextFileSync(message.file));
      Deno.removeSync(message.file);
    }
    if (type === "exit") return this.#close();
    if (type === "variables_request") {
      return void listedVariables(this.inspector).catch(() => {}); // the process ends
    }
    if (type === "input_request") return void this.#ask(String(content.prompt), cell);
    if (type === "error") {
      content = this.#errors.told(content);
      if (this.#running?.cell === cell) this.#running.failed = true;
    }
    this.listener.output({
      ...{ type, content },
      ...metadata !== undefined && { metadata: metadata as Record<string, unknown> },
      ...buffers !== undefined && { buffers },
    }, cell);
  }

  async #ask(prompt: string, cell: number): Promise<void> {
    this.#asking = true;
    await this.#reply(await this.listener.input?.(prompt, cell));
  }

  /** Answers the question that is open; a stop may have done so before. */
  async #reply(given: string | undefined): Promise<void> {
    if (!this.#asking) return;
    this.#asking = false;
    await this.process.answer(given === undefined ? NO_ANSWER : JSON.stringify(given));
  }

  #unlessBroken<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#broken.promise]);
  }
}

/** A kernel that can execute nothing more. */
export class KernelDeath extends Error {
  /** Name of the class. */
  override name = "KernelDeath";
}

function alarm<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    Deno.unrefTimer(setTimeout(() => resolve(value), milliseconds));
  });
}
