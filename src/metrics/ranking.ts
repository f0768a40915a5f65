/** Rows counted at each threshold of a score, what all measures of ranking start from. */

import { checkBinary, checkPaired, checkWeights } from "./check.ts";

/** Rows at or above each distinct score, from the highest down; rows of equal score count together. */
export interface ThresholdCounts {
  /** The distinct scores, falling. */
  readonly scores: Float64Array;
  /** Positive rows, or their weight, at or above each. */
  readonly positives: Float64Array;
  /** Negative rows, or their weight, at or above each. */
  readonly negatives: Float64Array;
  /** All positive rows, or their weight. */
  readonly allPositives: number;
  /** All negative rows, or their weight. */
  readonly allNegatives: number;
}

/**
 * Counts rows at each threshold. Scores without weight are left out, as if
 * their rows were not there.
 *
 * @throws {RangeError} if the lengths differ, a label is neither 0 nor 1, a score is NaN or a
 * weight is below 0.
 */
export function countThresholds(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): ThresholdCounts {
  checkPaired(yTrue, scores, "scores");
  checkBinary(yTrue);
  checkWeights(yTrue, sampleWeight);
  const { ranks, size, distinct } = asRanks(scores) ?? rankOf(scores);
  const positive = new Float64Array(size);
  const negative = new Float64Array(size);
  for (let i = 0; i < ranks.length; i++) {
    const counts = yTrue[i] === 1 ? positive : negative;
    counts[ranks[i]] += sampleWeight === undefined ? 1 : sampleWeight[i];
  }
  const falling = new Float64Array(size);
  let kept = 0;
  let positives = 0;
  let negatives = 0;
  for (let rank = size - 1; rank >= 0; rank--) {
    if (positive[rank] === 0 && negative[rank] === 0) continue;
    positives += positive[rank];
    negatives += negative[rank];
    falling[kept] = distinct === undefined ? rank : distinct[rank];
    // Places from the top that were read already hold the sums: no new arrays.
    positive[size - 1 - kept] = positives;
    negative[size - 1 - kept] = negatives;
    kept++;
  }
  return {
    scores: falling.subarray(0, kept),
    positives: positive.subarray(size - kept).reverse(),
    negatives: negative.subarray(size - kept).reverse(),
    allPositives: positives,
    allNegatives: negatives,
  };
}

/**
 * The place of each score among the distinct scores, 0 for the lowest. Ranks
 * give the same ROC AUC, average precision and KS as their scores, without
 * sorting again: rank once if rows are resampled many times.
 *
 * @param scores Shape [rows].
 * @returns Ranks from 0 without gaps, shape [rows].
 * @throws {RangeError} if a score is NaN.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...denseRanks([0.7, 0.1, 0.7, 0.3])], [2, 0, 2, 1]);
 * ```
 */
export function denseRanks(scores: ArrayLike<number>): Uint32Array {
  return rankOf(scores).ranks;
}

/** Ranks below `size`, and the score of each unless it is the rank itself. */
interface Ranked {
  readonly ranks: Uint32Array;
  readonly size: number;
  readonly distinct?: Float64Array;
}

/** Takes whole numbers as they are where an array indexed by them is cheaper than sorting them. */
function asRanks(scores: ArrayLike<number>): Ranked | undefined {
  if (!(scores instanceof Uint32Array)) return undefined;
  let most = 0;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i]);
  return most < scores.length ? { ranks: scores, size: most + 1 } : undefined;
}

function rankOf(scores: ArrayLike<number>): Ranked {
  // Typed arrays sort numbers, NaN last, without calls to a comparison.
  const sorted = new Float64Array(scores).sort();
  if (Number.isNaN(sorted.at(-1))) throw new RangeError("Cannot rank a score that is NaN");
  let size = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[size - 1]) sorted[size++] = sorted[i];
  }
  const distinct = sorted.subarray(0, size);
  const ranks = new Uint32Array(scores.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = lowerBound(distinct, scores[i]);
  return { ranks, size, distinct };
}

/** The place of the first value that is not below `wanted`. */
function lowerBound(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
