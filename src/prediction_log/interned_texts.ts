/** Texts that come again and again in a log, each made once. */

/** Places for texts; two texts that want the same take turns. */
const PLACES = 1024;
/** Longer texts are made each time. */
const LONGEST = 64;

const decoder = new TextDecoder();

/**
 * Makes texts of bytes, and gives the same one again for the same bytes. It
 * holds at most 1024 texts of 64 bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const bytes = new TextEncoder().encode("home");
 * assertEquals(new InternedTexts().text(bytes, 0, 4, 7), "home");
 * ```
 */
export class InternedTexts {
  readonly #bytes: (Uint8Array | undefined)[] = [];
  readonly #texts: string[] = [];

  /**
   * The text of bytes `from` up to, but without, `to`.
   *
   * @param hash A number that the same bytes always have.
   */
  text(bytes: Uint8Array, from: number, to: number, hash: number): string {
    const length = to - from;
    if (length > LONGEST) return decoder.decode(bytes.subarray(from, to));
    const place = hash & (PLACES - 1);
    const known = this.#bytes[place];
    if (known?.length === length) {
      let i = 0;
      while (i < length && known[i] === bytes[from + i]) i++;
      if (i === length) return this.#texts[place];
    }
    this.#bytes[place] = bytes.slice(from, to);
    return this.#texts[place] = decoder.decode(bytes.subarray(from, to));
  }
}
