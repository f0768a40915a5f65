/** Keys with their names, and how often each may ask. */

import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "./problem.ts";

/** A key that was recognised. */
export interface KnownKey {
  /** What logs call it: the name before its `=`, else the start of its digest. */
  readonly name: string;
  /** Its place among all keys. */
  readonly place: number;
}

/** Keys of which the times are shared by all threads. */
export const mostKeys = 1024;

/** Milliseconds' worth of requests that a key may send at once. */
const BURST_MS = 1000;

/** The secret and the name in `NAME=KEY` or `KEY`; a base64 key ends in its `=`. */
export function parseKey(text: string): { readonly name?: string; readonly secret: string } {
  const found = /^([A-Za-z][\w.-]{0,31})=([^=].{15,})$/.exec(text);
  return found === null ? { secret: text } : { name: found[1], secret: found[2] };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Some keys, kept as digests. */
export class Keys {
  readonly #known: readonly (KnownKey & { readonly digest: Uint8Array })[];

  /** Takes them as the settings have them; `first` is the place of the first one. */
  constructor(texts: readonly string[], first: number) {
    this.#known = texts.map((text, at) => {
      const { name, secret } = parseKey(text);
      const hash = digest(secret);
      return { digest: hash, name: name ?? `#${hash.toString("hex", 0, 4)}`, place: first + at };
    });
  }

  /** How many there are. */
  get size(): number {
    return this.#known.length;
  }

  /** Whether it is one of them; all are compared, so that the time tells nothing. */
  find(key: string): KnownKey | undefined {
    const given = digest(key);
    return this.#known.filter((known) => timingSafeEqual(known.digest, given))[0];
  }
}

/** How often each key may ask: a rate with a second's worth at once. */
export class KeyRate {
  readonly #stepMs: number;

  /**
   * Takes requests a second, and when each key may ask next: milliseconds since
   * 1970 times 1000, shared where several threads serve.
   */
  constructor(rate: number, private readonly next: BigInt64Array = new BigInt64Array(mostKeys)) {
    this.#stepMs = 1000 / rate;
  }

  /**
   * Counts a request.
   *
   * @param now Milliseconds since 1970.
   * @throws {Problem} 429 where the key has asked too often.
   */
  take({ place }: KnownKey, now: number): void {
    const at = place % this.next.length;
    while (true) {
      const before = Atomics.load(this.next, at);
      const next = Math.max(Number(before) / 1000, now - BURST_MS) + this.#stepMs;
      if (next > now) {
        const seconds = Math.max(1, Math.ceil((next - now) / 1000));
        throw new Problem(429, "The key has asked too often", {
          headers: { "Retry-After": String(seconds) },
        });
      }
      const after = BigInt(Math.floor(next * 1000));
      if (Atomics.compareExchange(this.next, at, before, after) === before) return;
    }
  }
}
