/** Listening that outlives what makes Deno's own listener end. */

import type { Level } from "../contract.ts";

/** Milliseconds without a listener after it ended: time for connections to close. */
const PAUSE_MS = 250;

/** Milliseconds without a new request after which nobody is believed to be on the way. */
const QUIET_MS = 50;

/** Milliseconds after which a server that is asked to stop closes its door, quiet or not. */
const LOUD_MS = 1000;

/** Milliseconds in which an ended listener is told once. */
const TELL_MS = 10_000;

/** A certificate of TLS with its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a {@linkcode Listener} needs. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** Whether others may listen there too. */
  readonly reusePort?: boolean;
  /** Undefined for plain HTTP. */
  readonly certificate?: Certificate;
}

/**
 * Makes sure that nobody listens there: where several may, nobody is told that
 * others do already.
 *
 * @returns The address, with a free port for 0.
 * @throws if it is taken.
 */
export function freeAddress(hostname: string, port: number): Deno.NetAddr {
  using probe = Deno.listen({ hostname, port });
  return probe.addr as Deno.NetAddr;
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
  /** Requests that came. */
  #came = 0;
  #timer?: ReturnType<typeof setTimeout>;
  #options: ListenOptions;

  /**
   * Listens.
   *
   * @param log Hears of interruptions.
   * @throws if the address is taken.
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

  /**
   * Shows another certificate to new connections; needs `reusePort`.
   *
   * @throws if it cannot be used; the one before stays.
   */
  useCertificate(certificate: Certificate): void {
    if (this.#stopping) return;
    const [options, before] = [this.#options, this.#server];
    this.#options = { ...options, certificate };
    try {
      this.#server = this.#open();
    } catch (error) {
      this.#options = options;
      throw error;
    }
    this.#ended.add(before); // Until its last request has an answer.
    before.shutdown().catch(() => {}); // One that ended by an error has nothing more to say.
  }

  /**
   * Takes no more connections; ends when the requests on them have their answers.
   * What has arrived, but was not read yet, is read and answered first.
   */
  async shutdown(): Promise<void> {
    await this.#quiet();
    this.#stopping = true;
    clearTimeout(this.#timer);
    // One that ended by an error has nothing more to say.
    const all = [this.#server, ...this.#ended];
    await Promise.allSettled(all.map((server) => server.shutdown()));
  }

  /** Two pauses: after a long computation the first ends before the sockets are looked at. */
  async #quiet(): Promise<void> {
    const end = performance.now() + LOUD_MS;
    for (let quiet = 0; quiet < 2 && performance.now() < end;) {
      const before = this.#came;
      await new Promise((done) => setTimeout(done, QUIET_MS / 2));
      quiet = this.#came === before ? quiet + 1 : 0;
    }
  }

  #open(): Deno.HttpServer<Deno.NetAddr> {
    const { certificate, ...address } = this.#options;
    const server = Deno.serve(
      { ...address, ...certificate, onListen() {} },
      (request, info) => {
        this.#came++;
        return this.answer(request, info);
      },
    );
    server.finished.then(() => this.#ended.delete(server), (error) => {
      if (server !== this.#server) return;
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
