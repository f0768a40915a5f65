/** Keys with their names. */

import { createHash, timingSafeEqual } from "node:crypto";
import { parseKey } from "../../src/base/mod.ts";

/** A key that was recognised. */
export interface KnownKey {
  /** What logs call it: the name before its `=`, else the start of its digest. */
  readonly name: string;
  /** Its place among all keys. */
  readonly place: number;
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
