/** A hash of bytes that spreads well and is the same in every language. */

/**
 * MurmurHash3 of the bytes from `start` to `end`, 32 bits, as scikit-learn's
 * `murmurhash3_32(…, positive=True)` gives it.
 *
 * Source: Austin Appleby, 2008, MurmurHash3_x86_32.
 *
 * @param seed Whole number from 0 to 2³² − 1; other seeds give other hashes.
 * @returns Whole number from 0 to 2³² − 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(murmur3(new TextEncoder().encode("card"), 0, 4, 0), 4049617105);
 * ```
 */
export function murmur3(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed | 0;
  const whole = start + ((end - start) & ~3);
  for (let at = start; at < whole; at += 4) {
    const word = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    hash ^= scrambled(word);
    hash = Math.imul(hash << 13 | hash >>> 19, 5) + 0xe6546b64 | 0;
  }
  let rest = 0;
  for (let at = end - 1; at >= whole; at--) rest = rest << 8 | bytes[at];
  if (whole < end) hash ^= scrambled(rest);
  hash ^= end - start;
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

function scrambled(word: number): number {
  const spread = Math.imul(word, 0xcc9e2d51);
  return Math.imul(spread << 15 | spread >>> 17, 0x1b873593);
}
