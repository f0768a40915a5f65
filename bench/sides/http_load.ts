/**
 * A client that asks over kept connections, one request at a time on each, as
 * fast as the answers come or so many a second. It speaks just enough HTTP/1.1, straight on the
 * socket, so that it takes as little as possible of the cores that the server
 * under load needs.
 */

/** What is sent and for how long. */
export interface LoadOptions {
  readonly port: number;
  /** Connections, each with one request under way. */
  readonly connections: number;
  /** Seconds after which no new request is sent, or what ends it. */
  readonly seconds: number | AbortSignal;
  /** Complete requests, sent in turn; see {@linkcode postRequest}. */
  readonly requests: readonly Uint8Array[];
  /**
   * Requests that are due in a second, whether the answers come or not: one that finds no connection
   * free counts from when it was due. Without it the next is due when one is answered.
   */
  readonly rate?: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests that were answered with 200; any other answer ends the load. */
  readonly answered: number;
  readonly seconds: number;
  /** Milliseconds of each request, rising. */
  readonly latencies: Float64Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A POST of JSON as it goes over the wire. */
export function postRequest(port: number, path: string, body: unknown): Uint8Array {
  const json = encoder.encode(JSON.stringify(body));
  const head = encoder.encode(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${json.length}\r\n\r\n`,
  );
  const request = new Uint8Array(head.length + json.length);
  request.set(head);
  request.set(json, head.length);
  return request;
}

/** A GET as it goes over the wire. */
export function getRequest(port: number, path: string): Uint8Array {
  return encoder.encode(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
}

/**
 * Asks from all connections until the time is over.
 *
 * @throws {Error} if an answer is not 200, or a connection breaks.
 */
export async function load({ port, requests, ...pace }: LoadOptions): Promise<LoadResult> {
  using opened = new DisposableStack();
  const connections = await Promise.all(
    Array.from({ length: pace.connections }, () => Connection.open(port)),
  );
  for (const connection of connections) opened.use(connection);
  return await askInTurn(pace, async (by, turn) => {
    const { status, text } = await connections[by].send(requests[turn % requests.length]);
    if (status !== 200) throw new Error(`an answer is ${status}: ${text().slice(0, 500)}`);
  });
}

/** Has so many ask at a time, each its next question when the last is answered and it is due. */
export async function askInTurn(
  { connections, seconds, rate = Infinity }: Pick<LoadOptions, "connections" | "seconds" | "rate">,
  ask: (by: number, turn: number) => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const isOver = (now: number) =>
    typeof seconds === "number" ? now >= startedAt + seconds * 1000 : seconds.aborted;
  const clock = new Clock();
  let next = 0;
  await Promise.all(Array.from({ length: connections }, async (_, by) => {
    for (let now = performance.now(); !isOver(now);) {
      const turn = next++;
      // Who waits for the clock is late by its steps, which are no delay of the answer.
      const due = rate === Infinity ? now : startedAt + 1000 * turn / rate;
      const start = due > now ? await clock.at(due) : due;
      await ask(by, turn);
      now = performance.now();
      latencies.push(now - start);
    }
  }));
  return {
    answered: latencies.length,
    seconds: (performance.now() - startedAt) / 1000,
    latencies: Float64Array.from(latencies).sort(),
  };
}

/** One timer for all that wait, who come in the order of their times. */
class Clock {
  readonly #waiting: { readonly due: number; readonly wake: (now: number) => void }[] = [];

  /** Waits until then; the time when it is over. */
  at(due: number): Promise<number> {
    return new Promise((wake) => {
      if (this.#waiting.push({ due, wake }) === 1) this.#set();
    });
  }

  #set(): void {
    setTimeout(() => {
      const now = performance.now();
      while (this.#waiting.length > 0 && this.#waiting[0].due <= now) {
        this.#waiting.shift()!.wake(now);
      }
      if (this.#waiting.length > 0) this.#set();
    }, 1);
  }
}

/** An answer. */
export interface HttpAnswer {
  readonly status: number;
  /** Its head and its body; good until the next request is sent. */
  head(): string;
  text(): string;
}

/** A kept connection. */
export class Connection implements Disposable {
  #buffer = new Uint8Array(1 << 14);

  private constructor(private readonly socket: Deno.TcpConn) {}

  /** Connects to this machine. */
  static async open(port: number): Promise<Connection> {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port });
    socket.setNoDelay();
    return new Connection(socket);
  }

  /** Sends a request and waits for the answer. */
  async send(request: Uint8Array): Promise<HttpAnswer> {
    for (let sent = 0; sent < request.length;) {
      sent += await this.socket.write(sent === 0 ? request : request.subarray(sent));
    }
    let filled = 0;
    let head: Head | undefined;
    while (head === undefined || filled < head.end) {
      if (filled === this.#buffer.length) this.#grow();
      const read = await this.socket.read(
        filled === 0 ? this.#buffer : this.#buffer.subarray(filled),
      );
      if (read === null) throw new Error("the server closed the connection");
      filled += read;
      head ??= readHead(this.#buffer, filled);
    }
    const { status, bodyAt, end } = head;
    const part = (from: number, to: number) => decoder.decode(this.#buffer.subarray(from, to));
    return { status, head: () => part(0, bodyAt), text: () => part(bodyAt, end) };
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.socket.close();
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#buffer.length);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

interface Head {
  readonly status: number;
  /** Where the body starts and ends. */
  readonly bodyAt: number;
  readonly end: number;
}

const CR = 13;
const [, zero] = encoder.encode(" 0");
const lengthName = encoder.encode("\r\ncontent-length:");

/** The head of an answer, undefined if it has not come whole. */
function readHead(bytes: Uint8Array, filled: number): Head | undefined {
  let length = -1;
  for (let at = 12; at + 3 < filled; at++) {
    if (bytes[at] !== CR) continue;
    if (bytes[at + 2] === CR) {
      if (length < 0) throw new Error("the answer does not tell its length");
      const status = Number(decoder.decode(bytes.subarray(9, 12)));
      return { status, bodyAt: at + 4, end: at + 4 + length };
    }
    if (isLength(bytes, at)) length = numberAt(bytes, at + lengthName.length);
  }
}

/** Whether a Content-Length follows, in whatever case. */
function isLength(bytes: Uint8Array, at: number): boolean {
  for (let k = 2; k < lengthName.length; k++) {
    const byte = bytes[at + k];
    const small = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (small !== lengthName[k]) return false;
  }
  return true;
}

function numberAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  while (bytes[at] === 32) at++;
  while (bytes[at] !== CR) value = 10 * value + bytes[at++] - zero;
  return value;
}
