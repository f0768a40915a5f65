/** The process in which cells are evaluated; it never outlives the one that started it. */

import { denoCommand, ServiceError } from "../base/mod.ts";
import { packageFlags } from "./overlay.ts";

/** What the process is told to do: to hand its ways of importing to the host, and to wait. */
const entry = `const { prepareHost } = await import(Deno.args[0]);
prepareHost({ load: (name, options) => import(name, options), meta: import.meta }, JSON.parse(Deno.args[1]));
setInterval(() => {}, 2 ** 30);`;

/** A process with its private folder. */
export class KernelProcess implements AsyncDisposable {
  /** Resolves when it is gone, however that came, with what it said last. */
  readonly ended: Promise<string>;
  /** Hears its pipes: 0 for standard output, 1 for standard error. */
  onBytes: (pipe: 0 | 1, bytes: Uint8Array) => void = () => {};
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #inspector = Promise.withResolvers<string>();
  #letGo: Promise<void> | undefined;
  #last = "";

  private constructor(
    child: Deno.ChildProcess,
    private readonly guard: Deno.ChildProcess,
    readonly folder: string,
  ) {
    this.#stdin = child.stdin.getWriter();
    const read = Promise.all([this.#read(child.stdout, 0), this.#read(child.stderr, 1)]);
    this.#inspector.promise.catch(() => {}); // told to whoever waits for it
    this.ended = child.status.then(async ({ code, signal }) => {
      await this.#kill(); // what cells have started holds the streams open
      await read;
      const said = withoutColours(this.#last).split("\n").findLast((line) => /^error\b/.test(line));
      const end = signal === null ? `exit code ${code}` : signal;
      const told = said === undefined ? end : `${end}: ${said}`;
      this.#inspector.reject(new ServiceError(`Cannot start a kernel: ${told}`));
      return told;
    });
  }

  /**
   * Starts a process in `cwd`.
   *
   * @throws {ServiceError} if there is no Deno to start, or no such folder.
   */
  static async start(
    cwd: string,
    key: string,
  ): Promise<KernelProcess> {
    const folder = await Deno.makeTempDir({ prefix: "dinoflow-kernel-" }); // readable by its owner alone
    try {
      const module = import.meta.resolve("./host/host.ts");
      const command = await denoCommand([
        ...["eval", "--ext=ts", "--inspect-wait=127.0.0.1:0"],
        "--inspect-publish-uid=stderr", // who cannot read it cannot connect
        ...await packageFlags(cwd, folder),
        ...[entry, module, JSON.stringify({ key, folder })],
      ], {
        ...{ cwd, stdin: "piped", stdout: "piped", stderr: "piped" },
        detached: true, // Ctrl-C is for this process, which then ends the other
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
      return new KernelProcess(child, guarding.spawn(), folder);
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new ServiceError(`Cannot start a kernel: ${error.message}`, {
        next: "see that deno is on the path and the notebook's folder exists",
      });
    }
  }

  /** Address of its inspector. */
  get inspector(): Promise<string> {
    return this.#inspector.promise;
  }

  /** Writes a line to its standard input. */
  async answer(line: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Ends the process and what it has started at once, and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
    await this.ended;
    await this.guard.status;
  }

  /** Has the guard end the process. */
  #kill(): Promise<void> {
    return this.#letGo ??= this.guard.stdin.close();
  }

  async #read(stream: ReadableStream<Uint8Array>, pipe: 0 | 1): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      if (pipe === 1) {
        this.#last = (this.#last + decoder.decode(bytes, { stream: true })).slice(-4000);
        const url = /Debugger listening on (ws:\S+)\s/.exec(this.#last)?.[1];
        if (url !== undefined) this.#inspector.resolve(url);
      }
      this.onBytes(pipe, bytes);
    }
  }
}

/** Text without the codes that colour it. */
export function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}
