/** Listening that outlives what makes Deno's own listener end. */

import type { Level } from "../contract.ts";

/** Milliseconds without a listener after it ended: time for connections to close. */
const PAUSE_MS = 250;

/** Milliseconds in which an ended listener is told once. */
const TELL_MS = 10_000;

/** What a {@linkcode Listener} needs. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  readonly reusePort?: boolean;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Answers requests on an address. Deno's listener ends where a connection cannot
 * be taken, as for want of file descriptors; those that are open go on. It is
 * opened again then, until somebody asks to stop.
 */
export class Listener {
  #server: Deno.HttpServer<Deno.NetAddr>;
  /** Those that have ended, whose connections may still be open. */
  readonly #ended = new Set<Deno.HttpServer<Deno.NetAddr>>();
  #stopping = false;
  #told = -Infinity;
  #timer?: ReturnType<typeof setTimeout>;
  readonly #options: ListenOptions;

  /**
   * Listens.
   *
   * @param log Hears of interruptions.
   * @throws where the address is taken.
   */
  constructor(
    options: ListenOptions,
    private readonly answer: Deno.ServeHandler<Deno.NetAddr>,
    private readonly log: (
      level: Level,
      message: string,
      fields: Readonly<Record<string, unknown>>,
    ) => void,
  ) {
    this.#options = options;
    this.#server = this.#open();
    // A port that was chosen freely stays.
    this.#options = { ...options, port: this.addr.port };
  }

  /** Where it listens. */
  get addr(): Deno.NetAddr {
    return this.#server.addr;
  }

  /** Takes no more connections; ends when the requests on them have their answers. */
  async shutdown(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    // One that ended by an error has nothing more to say.
    const all = [this.#server, ...this.#ended];
    await Promise.allSettled(all.map((server) => server.shutdown()));
  }

  #open(): Deno.HttpServer<Deno.NetAddr> {
    const server = Deno.serve(
      { ...this.#options, onListen() {} },
      (request, info) => this.answer(request, info),
    );
    server.finished.then(() => this.#ended.delete(server), (error) => {
      this.#ended.add(server);
      this.#interrupted(error);
    });
    return server;
  }

  #interrupted(error: unknown): void {
    if (this.#stopping) return;
    const now = performance.now();
    if (now > this.#told + TELL_MS) {
      this.#told = now;
      const reason = error instanceof Error ? error.message : String(error);
      this.log("error", "connections could not be taken; listening goes on", { reason });
    }
    this.#timer = setTimeout(() => {
      try {
        this.#server = this.#open();
      } catch (again) {
        this.#interrupted(again);
      }
    }, PAUSE_MS);
  }
}
