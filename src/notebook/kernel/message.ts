/** Jupyter's messages: four signed JSON frames between an address and buffers. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { BrokenStream } from "./zmtp.ts";

/** Who sent a message, and what it is. */
export interface Header {
  /** Names the message; answers and outputs carry it in their parent header. */
  readonly msg_id: string;
  /** What the content is, as `execute_request`. */
  readonly msg_type: string;
  /** Names the sender's session. */
  readonly session: string;
  /** Whoever runs the client. */
  readonly username: string;
  /** When it was sent, ISO 8601. */
  readonly date: string;
  /** Version of the protocol. */
  readonly version: string;
}

/** A message. */
export interface Message {
  /** Its header. */
  readonly header: Header;
  /** The header of the request that it answers. */
  readonly parent: Partial<Header>;
  /** What it says, by its type. */
  readonly content: Readonly<Record<string, unknown>>;
}

const DELIMITER = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Signs and reads the messages of one kernel with the key of its connection file. */
export class MessageCodec {
  readonly #session = crypto.randomUUID();

  /** Takes the key. */
  constructor(readonly key: string) {}

  /** A request and its frames. */
  request(type: string, content: unknown): { readonly id: string; readonly frames: Uint8Array[] } {
    const header: Header = {
      msg_id: crypto.randomUUID(),
      msg_type: type,
      session: this.#session,
      username: "dinoflow",
      date: new Date().toISOString(),
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => encoder.encode(JSON.stringify(part)));
    const frames = [encoder.encode(DELIMITER), encoder.encode(this.#sign(parts)), ...parts];
    return { id: header.msg_id, frames };
  }

  /**
   * Reads a message.
   *
   * @throws {BrokenStream} where the frames are none, or not signed with the key: the
   * kernel then wrote one message into another.
   */
  read(frames: readonly Uint8Array[]): Message {
    const start = frames.findIndex((frame) =>
      frame.length === DELIMITER.length && decoder.decode(frame) === DELIMITER
    );
    const [signature, ...parts] = frames.slice(start + 1, start + 6);
    if (start < 0 || parts.length < 4) throw new BrokenStream("found no message in the frames");
    const wanted = encoder.encode(this.#sign(parts));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
      throw new BrokenStream("found a message with a wrong signature");
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(decoder.decode(part)));
    return { header, parent, content };
  }

  #sign(parts: readonly Uint8Array[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}
