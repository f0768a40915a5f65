/** The process of a kernel, which never outlives the one that started it. */

import { join } from "@std/path";
import { ServiceError } from "../../base/mod.ts";
import { denoCommand } from "../../pipeline/mod.ts";

/** What a client needs to reach a kernel, as its connection file has it. */
export interface Connection {
  /** Address. */
  readonly ip: string;
  /** Port of requests. */
  readonly shell_port: number;
  /** Port of outputs. */
  readonly iopub_port: number;
  /** Port of input for the kernel. */
  readonly stdin_port: number;
  /** Port of requests that go first. */
  readonly control_port: number;
  /** Port of the heartbeat. */
  readonly hb_port: number;
  /** Signs messages. */
  readonly key: string;
}

/** A kernel's process with its private folder. */
export class KernelProcess implements AsyncDisposable {
  /** Resolves when it is gone, however that came, with what it said last. */
  readonly ended: Promise<string>;
  /** What it wrote to its standard output: the reports of tests. */
  stdout = "";
  #heard = Promise.withResolvers<void>();
  #stderr = "";
  readonly #guard: Deno.ChildProcess;
  #letGo: Promise<void> | undefined;

  private constructor(
    child: Deno.ChildProcess,
    guard: Deno.ChildProcess,
    readonly folder: string,
    readonly connection: Connection,
  ) {
    this.#guard = guard;
    const read = Promise.all([
      this.#read(child.stdout, (text) => this.stdout += text),
      this.#read(child.stderr, (text) => this.#stderr += text),
    ]);
    this.ended = child.status.then(async ({ code, signal }) => {
      await this.#kill(); // what cells have started holds the streams open
      await read;
      const said = plainText(this.#stderr).split("\n").findLast((line) => line.trim() !== "");
      const end = signal === null ? `exit code ${code}` : signal;
      return said === undefined || /is unstable/.test(said) ? end : `${end}: ${said}`;
    });
  }

  /**
   * Starts a kernel in `cwd`.
   *
   * @throws {ServiceError} where there is no Deno to start.
   */
  static async start(cwd: string): Promise<KernelProcess> {
    const folder = await Deno.makeTempDir({ prefix: "dinoflow-kernel-" }); // readable by its owner alone
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = freePorts(5);
    const connection = {
      ...{ ip: "127.0.0.1", key: crypto.randomUUID() },
      ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
    };
    const file = join(folder, "connection.json");
    const scheme = { transport: "tcp", signature_scheme: "hmac-sha256", kernel_name: "deno" };
    try {
      await Deno.writeTextFile(file, JSON.stringify({ ...connection, ...scheme }), { mode: 0o600 });
      const command = await denoCommand(["jupyter", "--kernel", "--conn", file], {
        ...{ cwd, stdin: "null", stdout: "piped", stderr: "piped" },
        detached: true, // Ctrl-C is for this process, which then ends the kernel
      });
      const child = command.spawn();
      const guard = import.meta.resolve("./guard.ts");
      const guarding = await denoCommand(
        [
          ...["run", "--quiet", "--no-config", "--no-lock", "--no-prompt", "--allow-run"],
          ...[`--allow-write=${folder}`, guard, String(child.pid), folder],
        ],
        // Detached, it outlives what ends this whole group of processes.
        { stdin: "piped", stdout: "null", stderr: "null", detached: true },
      );
      return new KernelProcess(child, guarding.spawn(), folder, connection);
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new ServiceError(`Cannot start a kernel: ${error.message}`, {
        next: "see that deno is on the path and the notebook's folder exists",
      });
    }
  }

  /** Waits until what was written to standard output from `start` on matches `pattern`. */
  async stdoutMatching(pattern: RegExp, start: number): Promise<string> {
    for (;;) {
      const text = plainText(this.stdout.slice(start));
      if (pattern.test(text)) return text;
      await this.#heard.promise;
    }
  }

  /** Ends the process and what it has started at once, and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
    await this.ended;
    await this.#guard.status;
  }

  /** Has the guard end the kernel. */
  #kill(): Promise<void> {
    return this.#letGo ??= this.#guard.stdin.close();
  }

  async #read(
    stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    take: (text: string) => void,
  ): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      take(text);
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    }
  }
}

/** Text without the codes that colour it. */
export function plainText(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}

/** Ports that are free now; all are held while they are chosen, so that they differ. */
function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  return listeners.map((listener) => {
    listener.close();
    return listener.addr.port;
  });
}
