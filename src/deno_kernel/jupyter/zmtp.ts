/** Messages of ZeroMQ over TCP: as much of ZMTP 3.0 as a kernel and its tests need. */

/** What a socket is on this side. */
export type SocketType = "ROUTER" | "PUB" | "REP" | "DEALER" | "SUB";

/** Bits of a frame's first byte. */
const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** Bytes asked for at a time: a peer that writes big messages must not wait for its reader. */
const CHUNK = 1 << 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The other side sent what is no frame, or stopped in the middle of one. */
export class BrokenStream extends Error {
  override name = "BrokenStream";
}

/**
 * A connection to one peer. Messages are lists of frames.
 *
 * Reference: ZMTP 3.0, https://rfc.zeromq.org/spec/23/, with the NULL mechanism.
 */
export class ZmtpSocket implements Disposable {
  /** What was read and not yet taken: `#buffer[#from…#to]`. */
  #buffer = new Uint8Array(CHUNK);
  #from = 0;
  #to = 0;
  /** Ends when all that was sent is written. */
  #written: Promise<void> = Promise.resolve();
  /** The name that the peer gave itself; empty if it has none. */
  identity: Uint8Array = new Uint8Array();

  private constructor(
    private readonly connection: Deno.TcpConn,
    private readonly type: SocketType,
  ) {}

  /** Connects and shakes hands; a SUB socket asks for everything. */
  static async connect(hostname: string, port: number, type: SocketType): Promise<ZmtpSocket> {
    return await ZmtpSocket.over(await Deno.connect({ hostname, port }), type);
  }

  /** Shakes hands over a connection. */
  static async over(connection: Deno.TcpConn, type: SocketType): Promise<ZmtpSocket> {
    connection.setNoDelay(true);
    const socket = new ZmtpSocket(connection, type);
    try {
      await socket.#handshake();
      return socket;
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
  }

  /** Sends a message, after those that were sent before. */
  send(frames: readonly Uint8Array[]): Promise<void> {
    const bytes = join(
      frames.map((frame, i) => encodeFrame(frame, i < frames.length - 1 ? MORE : 0)),
    );
    this.#written = this.#written.then(() => this.#write([bytes]));
    return this.#written;
  }

  /**
   * The next message; undefined when the peer has closed the connection.
   *
   * @throws {BrokenStream} if what came is no message.
   */
  async receive(): Promise<Uint8Array[] | undefined> {
    const frames: Uint8Array[] = [];
    for (;;) {
      if (frames.length === 0 && !await this.#fill(1)) return undefined;
      const { flags, body } = await this.#frame();
      if (flags & COMMAND) continue;
      frames.push(body);
      if (!(flags & MORE)) return frames;
    }
  }

  /** Closes the connection; a pending {@link receive} then gives undefined. */
  [Symbol.dispose](): void {
    try {
      this.connection.close();
    } catch {
      // The peer was quicker.
    }
  }

  async #handshake(): Promise<void> {
    const greeting = new Uint8Array(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
    greeting.set(encoder.encode("NULL"), 12);
    await this.#write([greeting]);
    await this.#take(64);
    await this.#write([encodeFrame(ready(this.type), COMMAND)]);
    const { body } = await this.#frame();
    this.identity = propertyOf(body, "Identity");
    // Version 3.0 subscribes with a message: 1 and the topic's prefix, here the empty one.
    if (this.type === "SUB") await this.send([Uint8Array.of(1)]);
  }

  async #frame(): Promise<{ readonly flags: number; readonly body: Uint8Array }> {
    const [flags] = await this.#take(1);
    if (flags > (MORE | LONG | COMMAND)) throw new BrokenStream(`found a frame of kind ${flags}`);
    const head = await this.#take(flags & LONG ? 8 : 1);
    const size = flags & LONG ? Number(view(head).getBigUint64(0)) : head[0];
    // A copy: the buffer is filled again while the message is still in use.
    return { flags, body: (await this.#take(size)).slice() };
  }

  async #take(size: number): Promise<Uint8Array> {
    if (!await this.#fill(size)) throw new BrokenStream("the connection was closed");
    this.#from += size;
    return this.#buffer.subarray(this.#from - size, this.#from);
  }

  /** Reads until there are `size` bytes; false if the connection ends before. */
  async #fill(size: number): Promise<boolean> {
    while (this.#to - this.#from < size) {
      this.#makeRoom(size);
      const read = await this.connection.read(this.#buffer.subarray(this.#to)).catch(closed);
      if (read === null) {
        if (this.#to > this.#from) throw new BrokenStream("the connection was closed in a message");
        return false;
      }
      this.#to += read;
    }
    return true;
  }

  #makeRoom(size: number): void {
    const held = this.#buffer.subarray(this.#from, this.#to);
    if (this.#from + Math.max(size, held.length + 1) <= this.#buffer.length) return;
    const needed = Math.max(CHUNK, 2 * size);
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(needed);
      larger.set(held);
      this.#buffer = larger;
    } else this.#buffer.copyWithin(0, this.#from, this.#to);
    [this.#from, this.#to] = [0, held.length];
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    const bytes = join(parts);
    for (let at = 0; at < bytes.length;) at += await this.connection.write(bytes.subarray(at));
  }
}

/** A property of the peer's READY: after the command's name, names and values with their lengths. */
function propertyOf(ready: Uint8Array, wanted: string): Uint8Array {
  for (let at = 1 + ready[0]; at < ready.length;) {
    const name = decoder.decode(ready.subarray(at + 1, at + 1 + ready[at]));
    at += 1 + ready[at];
    const size = view(ready).getUint32(at);
    const value = ready.slice(at + 4, at + 4 + size);
    if (name.toLowerCase() === wanted.toLowerCase()) return value;
    at += 4 + size;
  }
  return new Uint8Array();
}

/** A read that is pending when the connection is closed ends like one at its end. */
function closed(error: unknown): null {
  const ends = [Deno.errors.BadResource, Deno.errors.Interrupted, Deno.errors.ConnectionReset];
  if (ends.some((End) => error instanceof End)) return null;
  throw error;
}

function encodeFrame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length < 256) return join([Uint8Array.of(flags, body.length), body]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  view(head).setBigUint64(1, BigInt(body.length));
  return join([head, body]);
}

/** The command that ends the handshake: its name, then a property with its length. */
function ready(type: SocketType): Uint8Array {
  const short = (text: string) => join([Uint8Array.of(text.length), encoder.encode(text)]);
  return join([
    short("READY"),
    short("Socket-Type"),
    Uint8Array.of(0, 0, 0, type.length),
    encoder.encode(type),
  ]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
