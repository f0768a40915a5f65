/** The sockets of a kernel: many peers each, which come and go. */

import { BrokenStream, type SocketType, ZmtpSocket } from "./zmtp.ts";

/** A socket that listens. */
export class ServerSocket implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #peers = new Set<ZmtpSocket>();

  /** Listens; what a peer sends goes to `take`. */
  constructor(
    hostname: string,
    port: number,
    readonly type: SocketType,
    readonly take: (frames: Uint8Array[], peer: ZmtpSocket) => void | Promise<void>,
  ) {
    this.#listener = Deno.listen({ hostname, port });
    this.#accept();
  }

  /** Port that it listens at. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** The peers that are connected. */
  get peers(): ReadonlySet<ZmtpSocket> {
    return this.#peers;
  }

  /** Sends to a peer; one that has gone hears nothing more. */
  async send(peer: ZmtpSocket, frames: readonly Uint8Array[]): Promise<void> {
    try {
      await peer.send(frames);
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#peers.delete(peer);
    }
  }

  /** Listens no more, and lets the peers go. */
  [Symbol.dispose](): void {
    this.#listener.close();
    for (const peer of this.#peers) peer[Symbol.dispose]();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) this.#serve(connection);
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error; // closed
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    let peer: ZmtpSocket | undefined;
    try {
      peer = await ZmtpSocket.over(connection, this.type);
      this.#peers.add(peer);
      for (;;) {
        const frames = await peer.receive();
        if (frames === undefined) return;
        await this.take(frames, peer);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      if (peer !== undefined) this.#peers.delete(peer);
      peer?.[Symbol.dispose]();
    }
  }
}

/** The socket of outputs: each peer hears the topics that it asks for. */
export class PublishSocket implements Disposable {
  readonly #socket: ServerSocket;
  readonly #topics = new WeakMap<ZmtpSocket, Set<string>>();
  #last: Promise<unknown> = Promise.resolve();

  /** Listens; tells of each topic that a peer asks for. */
  constructor(hostname: string, port: number, welcome: (topic: string) => readonly Uint8Array[]) {
    this.#socket = new ServerSocket(hostname, port, "PUB", async ([frame], peer) => {
      const topics = this.#topics.get(peer) ?? new Set();
      this.#topics.set(peer, topics);
      const topic = new TextDecoder().decode(frame.subarray(1));
      if (frame[0] === 1) {
        topics.add(topic);
        await this.#socket.send(peer, welcome(topic));
      } else if (frame[0] === 0) topics.delete(topic);
    });
  }

  /** Sends to all that want the topic, which is the first frame. */
  publish(frames: readonly Uint8Array[]): void {
    const topic = new TextDecoder().decode(frames[0]);
    const sent = [...this.#socket.peers].filter((peer) =>
      [...this.#topics.get(peer) ?? []].some((wanted) => topic.startsWith(wanted))
    ).map((peer) => this.#socket.send(peer, frames));
    this.#last = Promise.all([this.#last, ...sent]);
  }

  /** Resolves when all that was published is written. */
  async written(): Promise<void> {
    await this.#last;
  }

  /** Listens no more. */
  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

function isGone(error: unknown): boolean {
  return [
    BrokenStream,
    Deno.errors.BadResource,
    Deno.errors.BrokenPipe,
    Deno.errors.ConnectionReset,
    Deno.errors.ConnectionAborted,
    Deno.errors.Interrupted,
  ].some((Gone) => error instanceof Gone);
}
