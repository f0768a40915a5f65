/** What all sequences of tags of a text add up to. */

import type { TagChain } from "./contract.ts";

/** Sums over the readings of texts, one after another, with memory that it keeps. */
export class AllReadings {
  readonly #tags: number;
  readonly #starts: Uint8Array;
  /** exp of what each step adds, 0 where it may not be, shape [tags × tags]. */
  readonly #steps: Float64Array;
  #now: Float64Array;
  #last: Float64Array;

  /** Takes which tags may follow which, and what each step adds. */
  constructor({ tags, starts, follows, transitions }: TagChain) {
    this.#tags = tags;
    this.#starts = starts;
    this.#steps = Float64Array.from(
      transitions,
      (added, step) => follows[step] ? Math.exp(added) : 0,
    );
    this.#now = new Float64Array(tags);
    this.#last = new Float64Array(tags);
  }

  /**
   * Logarithm of the sum of exp(score) over all sequences of tags that may be.
   *
   * @param scores Score of each token and tag, shape [tokens × tags].
   */
  logSum(scores: Float64Array, tokens: number): number {
    if (tokens === 0) return 0;
    const [tags, starts, steps] = [this.#tags, this.#starts, this.#steps];
    let [now, last] = [this.#now, this.#last];
    for (let k = 0; k < tags; k++) now[k] = starts[k] ? scores[k] : -Infinity;
    let total = 0;
    for (let token = 1; token < tokens; token++) {
      [now, last] = [last, now];
      const most = shares(last);
      total += most;
      now.fill(0);
      for (let from = 0; from < tags; from++) {
        const share = last[from];
        if (share === 0) continue;
        for (let to = 0; to < tags; to++) now[to] += share * steps[from * tags + to];
      }
      for (let to = 0; to < tags; to++) now[to] = Math.log(now[to]) + scores[token * tags + to];
    }
    const most = shares(now);
    return total + most + Math.log(now.reduce((sum, share) => sum + share, 0));
  }
}

/** Turns logarithms into shares of the largest one, in place, and gives that. */
function shares(logs: Float64Array): number {
  let most = -Infinity;
  for (let k = 0; k < logs.length; k++) if (logs[k] > most) most = logs[k];
  for (let k = 0; k < logs.length; k++) logs[k] = Math.exp(logs[k] - most);
  return most;
}
