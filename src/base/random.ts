/**
 * A seeded random generator that is handed in wherever chance is needed, so
 * that a run is the same twice and the same on any number of cores.
 */

import { UsageError } from "./errors.ts";

const UINT32 = 2 ** 32;

/**
 * Random numbers from a 32-bit seed (sfc32, period about 2^128).
 *
 * Source: Chris Doty-Humphrey, PractRand, generator `sfc32`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(new Random(42).int(100), new Random(42).int(100));
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  /**
   * Starts at `seed`; `stream` gives independent sequences of one seed.
   *
   * @throws {UsageError} for a seed that is no whole number: what it would be taken for is another's.
   */
  constructor(seed: number, stream = 0) {
    checkSeed(seed);
    this.#a = mix(seed | 0);
    this.#b = mix((seed ^ 0x9e3779b9) + Math.imul(stream | 0, 0x85ebca6b));
    this.#c = mix((stream | 0) + 0x6d2b79f5);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A whole number in [0, bound), for a bound of 1 to 2^32. */
  int(bound: number): number {
    return Math.floor(this.uint32() / UINT32 * bound);
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A normally distributed number (Marsaglia's polar method). */
  normal(mean = 0, deviation = 1): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return mean + deviation * spare;
    }
    let u: number, v: number, s: number;
    do {
      u = 2 * this.next() - 1;
      v = 2 * this.next() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt(-2 * Math.log(s) / s);
    this.#spareNormal = v * factor;
    return mean + deviation * u * factor;
  }

  /** Shuffles `items` in place (Fisher-Yates) and gives them back. */
  shuffle<T extends unknown[] | Int32Array | Uint32Array | Float64Array>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** One of `items`, each as likely as the others. */
  choice<T>(items: readonly T[]): T {
    return items[this.int(items.length)];
  }
}

/** A new seed that depends on all parts, for a task's own generator. @throws as {@link Random} does. */
export function deriveSeed(...parts: number[]): number {
  let seed = 0x811c9dc5;
  for (const part of parts) {
    checkSeed(part);
    seed = mix(seed ^ Math.imul(part | 0, 0x01000193));
  }
  return seed >>> 0;
}

function checkSeed(seed: number): void {
  if (Number.isInteger(seed)) return;
  throw new UsageError(`Cannot draw with the seed ${seed}`, { next: "give a whole number" });
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
