/** Where the descent of a CRF starts: rounds over the texts, one after another. */

import { deriveSeed, Random } from "../../base/mod.ts";
import { Chain, type TokenSums } from "./chain.ts";
import type { Sequences } from "./contract.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/** How far a parameter moves at its first slope. */
const RATE = 0.3;
/** Slopes of texts that are smaller are not worth their time: the descent makes up for them. */
const LEAST_SLOPE = 1e-2;
/** Squares of slopes at least, of parameters that hardly moved. */
const LEAST_SQUARES = 0.05;
/** Rounds at most that a text is left out. */
const MOST_REST = 4;

/** How a CRF is started. */
export interface DualAveraging {
  /** Weight of the sum of absolute values over all texts. */
  readonly c1: number;
  /** Weight of the sum of squares. */
  readonly c2: number;
  /** Rounds over the texts. */
  readonly rounds: number;
  /** Seed of the order of texts. */
  readonly seed: number;
}

/** Where a descent starts. */
export interface Started {
  /** The parameters, all 0 without rounds. */
  readonly point: Float64Array;
  /** How far each of them moves at a slope of 1, up to a factor. */
  readonly diagonal: Float64Array;
}

/**
 * Goes over the texts in rounds, in an order of chance, and yields after each how many rounds they make.
 * Each parameter depends on the sum of its slopes and of their squares, so that rare attributes
 * move as fast as frequent ones, and penalties leave those at 0 that tell little.
 *
 * Source: Duchi, Hazan and Singer, 2011, "Adaptive subgradient methods for online learning and
 * stochastic optimization", the primal-dual form with a diagonal matrix.
 */
export function* dualAveraging(
  sequences: Sequences,
  tags: Int32Array,
  tagCount: number,
  parameters: CrfParameters,
  { c1, c2, rounds, seed }: DualAveraging,
): Generator<number, Started> {
  const { offsets } = sequences;
  const { from, to, pairTags } = parameters;
  const texts = Int32Array.from({ length: offsets.length - 1 }, (_, text) => text);
  const penalties = { l1: c1 / texts.length, l2: 2 * c2 / texts.length };
  const sums = new DualSums(sequences, parameters, tagCount, penalties);
  const chain = new Chain(sequences, tags, tagCount, parameters, sums);
  const placeOf = new Int32Array(tagCount * tagCount);
  from.forEach((tag, r) => placeOf[tag * tagCount + to[r]] = r);
  const moved = new Float64Array(from.length);
  // A text that taught nothing is left out for a round, then for two, and so on.
  const rest = new Int32Array(texts.length);
  const due = new Int32Array(texts.length);
  for (let round = 0; round < rounds; round++) {
    for (const text of new Random(deriveSeed(seed, round)).shuffle(texts)) {
      if (due[text] > round) {
        sums.texts++;
        continue;
      }
      const before = sums.moves;
      chain.prepare(sums.point, pairTags.length);
      chain.pass(text);
      chain.expected(moved, 0);
      for (let token = offsets[text] + 1; token < offsets[text + 1]; token++) {
        moved[placeOf[tags[token - 1] * tagCount + tags[token]]]--;
      }
      for (let r = 0; r < moved.length; r++) {
        if (Math.abs(moved[r]) > LEAST_SLOPE) sums.move(pairTags.length + r, moved[r]);
      }
      rest[text] = sums.moves > before ? 0 : Math.min(MOST_REST, rest[text] + 1);
      due[text] = round + 1 + rest[text];
      yield ++sums.texts / texts.length;
    }
  }
  return sums.settled();
}

/** The parameters, each by the sum of its slopes. */
class DualSums implements TokenSums {
  readonly point: Float64Array;
  /** Texts that were learned. */
  texts = 0;
  /** Slopes that were added. */
  moves = 0;
  readonly #slopes: Float64Array;
  readonly #squares: Float64Array;

  constructor(
    private readonly sequences: Sequences,
    private readonly parameters: CrfParameters,
    private readonly tagCount: number,
    private readonly penalties: { readonly l1: number; readonly l2: number },
  ) {
    const size = parameters.pairTags.length + parameters.from.length;
    this.point = new Float64Array(size);
    this.#slopes = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  score(token: number, scores: Float64Array, at: number): void {
    const { width, groups, attributeOffsets, attributes } = this.sequences;
    const { offsets, pairTags } = this.parameters;
    const { point } = this;
    scores.fill(0, at, at + this.tagCount);
    for (let w = token * width, end = w + width; w < end; w++) {
      for (let a = attributeOffsets[groups[w]]; a < attributeOffsets[groups[w] + 1]; a++) {
        const end = offsets[attributes[a] + 1];
        for (let p = offsets[attributes[a]]; p < end; p++) scores[at + pairTags[p]] += point[p];
      }
    }
  }

  learn(token: number, shares: Float64Array, at: number, live: Int32Array): void {
    const { width, groups, attributeOffsets, attributes } = this.sequences;
    const { offsets, pairTags } = this.parameters;
    let learns = false;
    for (let l = 0; l < live.length; l++) {
      const k = at + live[l];
      if (Math.abs(shares[k]) < LEAST_SLOPE) shares[k] = 0;
      else learns = true;
    }
    if (!learns) return;
    for (let w = token * width, end = w + width; w < end; w++) {
      for (let a = attributeOffsets[groups[w]]; a < attributeOffsets[groups[w] + 1]; a++) {
        const end = offsets[attributes[a] + 1];
        for (let p = offsets[attributes[a]]; p < end; p++) {
          const slope = shares[at + pairTags[p]];
          if (slope !== 0) this.move(p, slope);
        }
      }
    }
  }

  /** Adds a slope of a parameter. */
  move(p: number, slope: number): void {
    this.moves++;
    const sum = this.#slopes[p] += slope;
    const squares = this.#squares[p] += slope * slope;
    const { texts, penalties: { l1, l2 } } = this;
    const beyond = Math.abs(sum) - l1 * texts;
    this.point[p] = beyond > 0
      ? -Math.sign(sum) * beyond / (Math.sqrt(squares) / RATE + l2 * texts)
      : 0;
  }

  /** Has all parameters hear of the texts since they moved. */
  settled(): Started {
    for (let p = 0; p < this.point.length; p++) if (this.#squares[p] > 0) this.move(p, 0);
    const diagonal = this.#squares.map((sum) => 1 / Math.sqrt(Math.max(LEAST_SQUARES, sum)));
    return { point: this.point, diagonal };
  }
}
