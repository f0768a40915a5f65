/** Looks at the prediction log, each in a process of its own, so that requests do not feel them. */

import { TrainingProcess } from "./training.ts";

/** How looks are taken. */
export interface LooksOptions {
  readonly command: readonly string[];
  readonly folder: string;
  /** Variables that it must not see. */
  readonly hide: readonly string[];
  /** Seconds between two; 0 for none but those that are asked for. */
  readonly everySeconds: number;
  /** Hears that one failed. */
  readonly onFailed: (reason: string) => void;
}

/** Milliseconds that a look has to stop by itself. */
const PATIENCE_MS = 3000;

/** Requests come first: a look runs on what they leave. */
const GIVES_WAY = 10;

/** A look under way. */
interface Look {
  readonly process: TrainingProcess;
  readonly ended: Promise<void>;
}

/** Takes looks, one at a time. */
export class Looks {
  #running?: Look;
  #timer?: ReturnType<typeof setTimeout>;
  #closed = false;

  /** Begins at once where they are taken by themselves. */
  constructor(private readonly options: LooksOptions) {
    this.#next();
  }

  /** Takes a look, or waits for the one under way; whether it ended within some milliseconds. */
  async take(patienceMs: number): Promise<boolean> {
    const { ended } = this.#running ?? this.#start();
    let timer;
    const late = new Promise<boolean>((done) => timer = setTimeout(() => done(false), patienceMs));
    try {
      return await Promise.race([ended.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes no more, and asks the one under way to stop. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running?.process.stop(PATIENCE_MS);
  }

  #next(): void {
    const { everySeconds } = this.options;
    if (everySeconds === 0 || this.#closed) return;
    this.#timer = setTimeout(async () => {
      await (this.#running ?? this.#start()).ended;
      this.#next();
    }, everySeconds * 1000);
  }

  #start(): Look {
    const { command: [program, ...args], folder, hide } = this.options;
    const process = new TrainingProcess(
      new Deno.Command(program, {
        args,
        cwd: folder,
        env: Object.fromEntries(hide.map((name) => [name, ""])),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }),
      GIVES_WAY,
    );
    const ended = process.ending.then(({ status, error }) => {
      this.#running = undefined;
      if (status === "failed") this.options.onFailed(error ?? "it failed");
    });
    return this.#running = { process, ended };
  }
}
