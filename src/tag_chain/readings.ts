/** The readings of a text as a chain of tags: the best one, and the best that go another way. */

import type { TagChain } from "./contract.ts";

/**
 * The best readings through each tag of each token: the best way there and the best way on, by
 * dynamic programming forwards and backwards. Of equal ones the earlier tag counts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [starts, follows] = [new Uint8Array(2).fill(1), new Uint8Array(4).fill(1)];
 * const free = { tags: 2, starts, follows, transitions: new Float64Array(4) };
 * const readings = new TagReadings(free, Float64Array.of(1, 0, 0, 3), 2);
 * assertEquals([...readings.best()], [0, 1]);
 * assertEquals(readings.through(1, 0), 1);
 * assertEquals([...readings.reading(1, 0)], [0, 0]);
 * ```
 */
export class TagReadings {
  readonly #tags: number;
  /** Score of the best way to each tag of each token, its own score within. */
  readonly #before: Float64Array;
  /** Score of the best way on from there. */
  readonly #after: Float64Array;
  readonly #back: Uint16Array;
  readonly #next: Uint16Array;

  /**
   * Works them out.
   *
   * @param scores Score of each token and tag, shape [tokens × tags].
   * @param tokens Number of tokens, 1 or more.
   */
  constructor(
    { tags, starts, follows, transitions }: TagChain,
    scores: Float64Array,
    private readonly tokens: number,
  ) {
    this.#tags = tags;
    const size = tokens * tags;
    const before = this.#before = new Float64Array(size).fill(-Infinity);
    const after = this.#after = new Float64Array(size).fill(-Infinity);
    const back = this.#back = new Uint16Array(size);
    const next = this.#next = new Uint16Array(size);
    for (let k = 0; k < tags; k++) if (starts[k]) before[k] = scores[k];
    for (let at = tags; at < size; at += tags) {
      for (let to = 0; to < tags; to++) {
        let best = -Infinity;
        for (let from = 0; from < tags; from++) {
          if (!follows[from * tags + to]) continue;
          const value = before[at - tags + from] + transitions[from * tags + to];
          if (value > best) [best, back[at + to]] = [value, from];
        }
        before[at + to] = best + scores[at + to];
      }
    }
    after.fill(0, size - tags);
    for (let at = size - 2 * tags; at >= 0; at -= tags) {
      for (let from = 0; from < tags; from++) {
        let best = -Infinity;
        for (let to = 0; to < tags; to++) {
          if (!follows[from * tags + to]) continue;
          const value = transitions[from * tags + to] + scores[at + tags + to] +
            after[at + tags + to];
          if (value > best) [best, next[at + from]] = [value, to];
        }
        after[at + from] = best;
      }
    }
  }

  /** Score of the best reading that has a tag at a token; −Infinity where none may have it. */
  through(token: number, tag: number): number {
    const at = token * this.#tags + tag;
    return this.#before[at] + this.#after[at];
  }

  /** The tags of the best reading that has a tag at a token, shape [tokens]. */
  reading(token: number, tag: number): Int32Array {
    const found = new Int32Array(this.tokens);
    found[token] = tag;
    for (let i = token; i > 0; i--) found[i - 1] = this.#back[i * this.#tags + found[i]];
    for (let i = token; i + 1 < this.tokens; i++) {
      found[i + 1] = this.#next[i * this.#tags + found[i]];
    }
    return found;
  }

  /** The tags of the best reading, shape [tokens]. */
  best(): Int32Array {
    const last = this.tokens - 1;
    let tag = 0;
    for (let k = 1; k < this.#tags; k++) {
      if (this.through(last, k) > this.through(last, tag)) tag = k;
    }
    return this.reading(last, tag);
  }
}
