/** Jupyter's messages: four signed JSON frames between addresses and buffers. */

import { createHmac, timingSafeEqual } from "node:crypto";

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
  /** Where it came from: answers go there. */
  readonly addresses: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the request that it answers. */
  readonly parent: Partial<Header>;
  /** What stands beside the content. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What it says, by its type. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Bytes beside it. */
  readonly buffers: readonly Uint8Array[];
}

/** A message to be written; what is left out is empty. */
export interface Outgoing {
  readonly type: string;
  /** What it says. */
  readonly content: unknown;
  /** The header of the request that it belongs to. */
  readonly parent?: Partial<Header>;
  /** What stands beside the content. */
  readonly metadata?: unknown;
  /** Bytes beside it. */
  readonly buffers?: readonly Uint8Array[];
  /** Where it goes, or its topic. */
  readonly addresses?: readonly Uint8Array[];
}

/** Version of the protocol that the kernel speaks. */
export const PROTOCOL = "5.4";

const DELIMITER = "<IDS|MSG>";
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Signs and reads the messages of one kernel with the key of its connection file. */
export class MessageCodec {
  readonly #session = crypto.randomUUID();
  #seen = new Set<string>();

  /** Takes the key; an empty one signs nothing, as Jupyter has it. */
  constructor(readonly key: string) {}

  /** The frames of a message. */
  frames({ type, content, parent, metadata, buffers, addresses }: Outgoing): Uint8Array[] {
    const header: Header = {
      msg_id: crypto.randomUUID(),
      msg_type: type,
      session: this.#session,
      username: "dinoflow",
      date: new Date().toISOString(),
      version: PROTOCOL,
    };
    const parts = [header, parent ?? {}, metadata ?? {}, content].map((part) =>
      encoder.encode(JSON.stringify(part))
    );
    return [
      ...addresses ?? [],
      ...[encoder.encode(DELIMITER), encoder.encode(this.#sign(parts)), ...parts],
      ...buffers ?? [],
    ];
  }

  /**
   * Reads a message.
   *
   * @throws {BadMessage} if the frames are none, not signed with the key, or were sent before.
   */
  read(frames: readonly Uint8Array[]): Message {
    const start = frames.findIndex((frame) =>
      frame.length === DELIMITER.length && new TextDecoder().decode(frame) === DELIMITER
    );
    const [signature, ...parts] = frames.slice(start + 1, start + 6);
    if (start < 0 || parts.length < 4) throw new BadMessage("found no message in the frames");
    const wanted = encoder.encode(this.#sign(parts));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
      throw new BadMessage("found a message with a wrong signature");
    }
    this.#once(decoder.decode(signature));
    try {
      const [header, parent, metadata, content] = parts.map((part) =>
        JSON.parse(decoder.decode(part))
      );
      return {
        ...{ header, parent, metadata, content },
        addresses: frames.slice(0, start),
        buffers: frames.slice(start + 6),
      };
    } catch (error) {
      throw new BadMessage(`found a message that is no JSON: ${(error as Error).message}`);
    }
  }

  /** Whoever has heard a signed message cannot send it again. */
  #once(signature: string): void {
    if (signature === "") return;
    if (this.#seen.has(signature)) throw new BadMessage("found a message that was sent before");
    if (this.#seen.size >= MOST_SEEN) this.#seen = new Set([...this.#seen].slice(MOST_SEEN / 2));
    this.#seen.add(signature);
  }

  #sign(parts: readonly Uint8Array[]): string {
    if (this.key === "") return "";
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** Signatures that are remembered at most. */
const MOST_SEEN = 65_536;

/** A message that is not to be followed. */
export class BadMessage extends Error {
  override name = "BadMessage";
}
