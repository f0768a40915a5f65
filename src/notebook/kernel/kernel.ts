/** A running kernel that executes code. */

import { ServiceError } from "../../base/mod.ts";
import { type Message, MessageCodec } from "./message.ts";
import { CELL_END, type CellEnd, endCellSource, OUTPUT_FILE, preludeSource } from "./prelude.ts";
import { KernelProcess } from "./process.ts";
import { BrokenStream, type SocketType, ZmtpSocket } from "./zmtp.ts";

/** An output as the kernel sends it. */
export interface KernelOutput {
  /** `stream`, `display_data`, `update_display_data`, `execute_result`, `error` or `clear_output`. */
  readonly type: string;
  /** What it says, by its type. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** How code ended. */
export interface Execution extends CellEnd {
  /** Which execution of this kernel it was. */
  readonly count: number;
  /** Whether the kernel took it for a success; without an `error` output, the code could not be read. */
  readonly ok: boolean;
  /** What the kernel wrote about the tests of the code; empty where there are none. */
  readonly report: string;
}

/** Milliseconds between two attempts to reach a kernel that starts. */
const PAUSE = 4;

/** Milliseconds that a kernel has to start, on a busy machine. */
const PATIENCE = 60_000;

/** How often a kernel is started; another process may take a port that was chosen. */
const ATTEMPTS = 3;

/** Where a test was declared, as its report says: always in the prelude. */
const DECLARED = / => \S+$/gm;

/** The last line of a test report. */
const REPORT_END = /^(ok|FAILED) \| \d+ passed.*$/m;

/** A kernel; disposing of it ends its process at once. */
export class Kernel implements AsyncDisposable {
  #take: (message: Message) => void = () => {};
  #hears = false;
  readonly #broken = Promise.withResolvers<never>();

  private constructor(
    readonly process: KernelProcess,
    readonly codec: MessageCodec,
    readonly shell: ZmtpSocket,
    readonly iopub: ZmtpSocket,
  ) {
    this.#broken.promise.catch(() => {}); // told to whoever executes; nobody may
    this.#listen();
  }

  /**
   * Starts a kernel in the folder `cwd`.
   *
   * @throws {ServiceError} where it does not start; what `signal` says where it aborts.
   */
  static async start(cwd: string, signal: AbortSignal): Promise<Kernel> {
    for (let attempt = 1;; attempt++) {
      const process = await KernelProcess.start(cwd);
      try {
        return await open(process, signal);
      } catch (error) {
        await process[Symbol.asyncDispose]();
        if (!(error instanceof ServiceError) || attempt === ATTEMPTS) throw error;
      }
    }

    async function open(process: KernelProcess, signal: AbortSignal): Promise<Kernel> {
      const { ip, key, shell_port, iopub_port } = process.connection;
      const [shell, iopub] = await Promise.all([
        reach(process, ip, shell_port, "DEALER", signal),
        reach(process, ip, iopub_port, "SUB", signal),
      ]);
      const kernel = new Kernel(process, new MessageCodec(key), shell, iopub);
      const prepared = await kernel.#request(preludeSource(process.folder), true);
      if (prepared.status !== "ok") throw cannotStart(`it says ${prepared.evalue}`);
      // Each request is told on both connections: outputs are lost until the second one is up.
      while (!kernel.#hears) await kernel.#request("", true);
      return kernel;
    }
  }

  /**
   * Executes code and gives each of its outputs to `take`, all before it resolves.
   *
   * @throws {KernelDeath} where the kernel ends, or its outputs can no longer be read.
   */
  async execute(code: string, take: (output: KernelOutput) => void): Promise<Execution> {
    const ended = Promise.withResolvers<CellEnd>();
    this.#take = ({ header, content }) => {
      if (header.msg_type === CELL_END) return ended.resolve(content as unknown as CellEnd);
      if (header.msg_type !== OUTPUT_FILE) return take({ type: header.msg_type, content });
      const { type, file } = content as { type: string; file: string };
      take({ type, content: JSON.parse(Deno.readTextFileSync(file)) });
      Deno.removeSync(file);
    };
    const written = this.process.stdout.length;
    // A cell that succeeds ends itself with its result; the kernel may still wait for a receipt.
    const request = this.#request(code, false).then(async (reply) => {
      if (reply.status !== "ok") await this.#request(endCellSource, true);
      return reply;
    });
    const end = await this.#unlessBroken(
      Promise.race([ended.promise, request.then(() => ended.promise)]),
    );
    if (end.receipt !== undefined) await Deno.writeTextFile(end.receipt, "");
    const reply = await request;
    const report = end.tests === 0
      ? ""
      : await this.#unlessBroken(this.process.stdoutMatching(REPORT_END, written));
    return {
      ...end,
      count: Number(reply.execution_count),
      ok: reply.status === "ok",
      report: report.replaceAll(DECLARED, ""),
    };
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.shell[Symbol.dispose]();
    this.iopub[Symbol.dispose]();
    await this.process[Symbol.asyncDispose]();
  }

  async #request(code: string, silent: boolean): Promise<Message["content"]> {
    const { id, frames } = this.codec.request("execute_request", {
      ...{ code, silent, store_history: !silent, allow_stdin: false, stop_on_error: false },
    });
    try {
      await this.shell.send(frames);
      for (;;) {
        const answer = await this.#unlessBroken(this.shell.receive());
        if (answer === undefined) return await this.#died();
        const { parent, content } = this.codec.read(answer);
        if (parent.msg_id === id) return content;
      }
    } catch (error) {
      if (error instanceof BrokenStream) {
        throw new KernelDeath(`its answers can no longer be read: ${error.message}`);
      }
      const gone = [Deno.errors.BrokenPipe, Deno.errors.ConnectionReset];
      if (gone.some((Gone) => error instanceof Gone)) return await this.#died();
      throw error;
    }
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        const frames = await this.iopub.receive();
        if (frames === undefined) return await this.#died();
        this.#take(this.codec.read(frames));
        this.#hears = true;
      }
    } catch (error) {
      if (error instanceof KernelDeath) return this.#broken.reject(error);
      const { message } = error as Error;
      this.#broken.reject(new KernelDeath(`its outputs can no longer be read: ${message}`));
    }
  }

  async #died(): Promise<never> {
    throw new KernelDeath(`the kernel ended (${await this.process.ended})`);
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

/** Connects as soon as the kernel listens. */
async function reach(
  process: KernelProcess,
  ip: string,
  port: number,
  type: SocketType,
  signal: AbortSignal,
): Promise<ZmtpSocket> {
  let ended: string | undefined;
  process.ended.then((end) => ended = end);
  const start = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ZmtpSocket.connect(ip, port, type);
    } catch (error) {
      if (ended === undefined && performance.now() - start < PATIENCE) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        continue;
      }
      const why = ended ?? (error as Error).message;
      throw cannotStart(why);
    }
  }
}

function cannotStart(why: string): ServiceError {
  return new ServiceError(`Cannot start a kernel: ${why}`, {
    next: "see that `deno jupyter --kernel` works",
  });
}
