/** The best sequence of tags. */

import type { TagOrder } from "./contract.ts";

/** Decodes texts one after another with memory that it keeps. */
export class Viterbi {
  readonly #tags: number;
  /** The tags that may come before each tag, tag after tag. */
  readonly #before: Int32Array;
  readonly #beforeOffsets: Int32Array;
  #back = new Uint16Array(0);
  #now: Float64Array;
  #last: Float64Array;

  /** Takes which tags may follow which. */
  constructor(private readonly order: TagOrder) {
    const { tags, follows } = order;
    this.#tags = tags;
    this.#now = new Float64Array(tags);
    this.#last = new Float64Array(tags);
    const before: number[] = [];
    this.#beforeOffsets = new Int32Array(tags + 1);
    for (let to = 0; to < tags; to++) {
      for (let from = 0; from < tags; from++) if (follows[from * tags + to]) before.push(from);
      this.#beforeOffsets[to + 1] = before.length;
    }
    this.#before = Int32Array.from(before);
  }

  /**
   * Writes the best tags of a text to `out` from `at` on; of equal ones the earlier tag.
   *
   * @param scores Score of each token and tag, shape [tokens × tags].
   * @returns The score of the whole.
   */
  decode(
    scores: Float64Array,
    tokens: number,
    transitions: Float32Array | Float64Array,
    out: Int32Array,
    at: number,
  ): number {
    if (tokens === 0) return 0;
    const tags = this.#tags;
    const [before, offsets] = [this.#before, this.#beforeOffsets];
    if (this.#back.length < tokens * tags) this.#back = new Uint16Array(tokens * tags);
    const back = this.#back;
    let [now, last] = [this.#now, this.#last];
    for (let k = 0; k < tags; k++) now[k] = this.order.starts[k] ? scores[k] : -Infinity;
    for (let token = 1; token < tokens; token++) {
      [now, last] = [last, now];
      for (let to = 0; to < tags; to++) {
        let best = -Infinity;
        let from = 0;
        for (let b = offsets[to]; b < offsets[to + 1]; b++) {
          const value = last[before[b]] + transitions[before[b] * tags + to];
          if (value > best) {
            best = value;
            from = before[b];
          }
        }
        now[to] = best + scores[token * tags + to];
        back[token * tags + to] = from;
      }
    }
    let tag = 0;
    for (let k = 1; k < tags; k++) if (now[k] > now[tag]) tag = k;
    const total = now[tag];
    for (let token = tokens - 1; token >= 0; token--) {
      out[at + token] = tag;
      if (token > 0) tag = back[token * tags + tag];
    }
    return total;
  }
}
