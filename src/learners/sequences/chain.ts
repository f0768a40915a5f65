/** The forward and the backward pass of a linear-chain CRF over one text. */

import type { Sequences } from "./contract.ts";
import { expOfNegative } from "./exp_of_negative.ts";
import type { GroupSums } from "./group_sums.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/**
 * A score so far below the best of its token counts as none: beside the others, its exponential is
 * what rounding takes off, whatever transitions add. Most tags are soon so unlikely, and cost nothing.
 */
const FAR_BELOW = -40;

/**
 * Goes over texts with memory that it keeps. Transitions that were not seen weigh nothing, so that
 * a step of the forward pass is the sum over all tags, corrected for those that were: it costs as
 * many operations as there are such transitions, not tags squared.
 *
 * Source: Lafferty, McCallum and Pereira, 2001, "Conditional Random Fields"; Rabiner, 1989, for the
 * scaled forward and backward passes.
 */
export class Chain {
  readonly #offsets: Int32Array;
  readonly #tagCount: number;
  /** The transitions by their second tags, as they are numbered, and by their first. */
  readonly #from: Int32Array;
  readonly #toOffsets: Int32Array;
  readonly #turns: Int32Array;
  readonly #to: Int32Array;
  readonly #fromOffsets: Int32Array;
  /** exp(weight) − 1 in both orders. */
  readonly #excess: Float64Array;
  readonly #excessInTurn: Float64Array;
  readonly #moved: Float64Array;
  readonly #scores: Float64Array;
  readonly #alpha: Float64Array;
  readonly #scale: Float64Array;
  readonly #beta: Float64Array;
  readonly #carried: Float64Array;
  /** The tags of each token that count, and how many they are. */
  readonly #live: Int32Array;
  readonly #lives: Int32Array;

  /** Takes the texts and their tags. */
  constructor(
    { offsets }: Sequences,
    private readonly tags: Int32Array,
    tagCount: number,
    { from, to }: Pick<CrfParameters, "from" | "to">,
    private readonly sums: GroupSums,
  ) {
    [this.#offsets, this.#tagCount, this.#from] = [offsets, tagCount, from];
    // The way back takes transitions by their first tags, so that each of its sums is made at once.
    this.#turns = Int32Array.from(from.keys()).sort((a, b) => from[a] - from[b] || a - b);
    this.#to = this.#turns.map((r) => to[r]);
    [this.#toOffsets, this.#fromOffsets] = [offsetsOf(to, tagCount), offsetsOf(from, tagCount)];
    const numbers = (length: number) => new Float64Array(length);
    [this.#excess, this.#excessInTurn] = [numbers(from.length), numbers(from.length)];
    this.#moved = numbers(from.length);
    const longest = offsets.reduce(
      (most, end, t) => Math.max(most, end - (offsets[t - 1] ?? 0)),
      0,
    );
    [this.#scores, this.#alpha] = [numbers(longest * tagCount), numbers(longest * tagCount)];
    this.#scale = numbers(longest);
    [this.#beta, this.#carried] = [numbers(tagCount), numbers(tagCount)];
    [this.#live, this.#lives] = [new Int32Array(longest * tagCount), new Int32Array(longest)];
  }

  /** Takes what transitions weigh, from place `at` on, and forgets how often they were expected. */
  prepare(point: Float64Array, at: number): void {
    const excess = this.#excess;
    for (let r = 0; r < excess.length; r++) excess[r] = Math.expm1(point[at + r]);
    this.#turns.forEach((r, turn) => this.#excessInTurn[turn] = excess[r]);
    this.#moved.fill(0);
  }

  /** Writes how often the model expects each transition in the texts since `prepare`. */
  expected(out: Float64Array, at: number): void {
    this.#turns.forEach((r, turn) => out[at + r] = this.#moved[turn] * (1 + this.#excess[r]));
  }

  /**
   * Has the sums learn a text.
   *
   * @returns Its negative log-likelihood, without what the transitions of the true tags weigh.
   */
  pass(text: number): number {
    const first = this.#offsets[text];
    const tokens = this.#offsets[text + 1] - first;
    const loss = this.#forward(first, tokens);
    this.#backward(first, tokens);
    return loss;
  }

  #forward(first: number, tokens: number): number {
    const K = this.#tagCount;
    const [scores, alpha, live, scale] = [this.#scores, this.#alpha, this.#live, this.#scale];
    const [from, offsets, excess] = [this.#from, this.#toOffsets, this.#excess];
    let loss = 0;
    for (let i = 0; i < tokens; i++) {
      const here = i * K;
      this.sums.score(first + i, scores, here);
      loss -= scores[here + this.tags[first + i]];
      // Scores become exponentials in place; the largest is 1.
      let most = -Infinity;
      for (let k = here; k < here + K; k++) if (scores[k] > most) most = scores[k];
      let end = here;
      for (let k = 0; k < K; k++) {
        const below = scores[here + k] - most;
        alpha[here + k] = 0;
        if (below > FAR_BELOW) {
          scores[here + k] = expOfNegative(below);
          live[end++] = k;
        } else scores[here + k] = 0;
      }
      this.#lives[i] = end - here;
      let sum = 0;
      const before = here - K;
      for (let l = here; l < end; l++) {
        const k = live[l];
        let ways = 1;
        if (i > 0) {
          for (let r = offsets[k]; r < offsets[k + 1]; r++) {
            ways += alpha[before + from[r]] * excess[r];
          }
        }
        // A sum that rounding left below 0 is 0.
        sum += alpha[here + k] = ways > 0 ? ways * scores[here + k] : 0;
      }
      scale[i] = sum;
      const unit = 1 / sum;
      for (let l = here; l < end; l++) alpha[here + live[l]] *= unit;
      loss += most + Math.log(sum);
    }
    return loss;
  }

  #backward(first: number, tokens: number): void {
    const K = this.#tagCount;
    const [scores, alpha, live, lives] = [this.#scores, this.#alpha, this.#live, this.#lives];
    const [beta, carried, moved] = [this.#beta, this.#carried, this.#moved];
    const [to, offsets, excess] = [this.#to, this.#fromOffsets, this.#excessInTurn];
    beta.fill(1);
    for (let i = tokens - 1; i >= 0; i--) {
      const here = i * K;
      let end = here + lives[i];
      if (i < tokens - 1) {
        const next = here + K;
        const unit = 1 / this.#scale[i + 1];
        let all = 0;
        carried.fill(0);
        for (let l = next; l < next + lives[i + 1]; l++) {
          const k = live[l];
          all += carried[k] = scores[next + k] * beta[k] * unit;
        }
        for (let l = here; l < end; l++) {
          const k = live[l];
          const share = alpha[here + k];
          let ways = all;
          for (let turn = offsets[k]; turn < offsets[k + 1]; turn++) {
            const after = carried[to[turn]];
            ways += excess[turn] * after;
            moved[turn] += share * after;
          }
          beta[k] = ways;
        }
      }
      // Shares of the tags less 1 for the true one, in the place of alpha, which is not read again.
      for (let l = here; l < end; l++) alpha[here + live[l]] *= beta[live[l]];
      const gold = this.tags[first + i];
      // It may be so unlikely that it did not count. The list has room: it lacks a tag then.
      const learned = scores[here + gold] === 0 ? lives[i] + 1 : lives[i];
      if (scores[here + gold] === 0) live[end++] = gold;
      alpha[here + gold] -= 1;
      this.sums.learn(first + i, alpha, here, live.subarray(here, here + learned));
    }
  }
}

/** Where the transitions of each tag begin, in the order of these tags. */
function offsetsOf(ends: Int32Array, tagCount: number): Int32Array {
  const offsets = new Int32Array(tagCount + 1);
  for (const tag of ends) offsets[tag + 1]++;
  for (let k = 0; k < tagCount; k++) offsets[k + 1] += offsets[k];
  return offsets;
}
