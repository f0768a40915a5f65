/** How far the scores of positives and negatives lie apart. */

import { countThresholds } from "./ranking.ts";

/**
 * The greatest difference between the share of positives and the share of
 * negatives that score at or above a threshold (Kolmogorov and Smirnov), the
 * usual measure of credit scorecards.
 *
 * Source: SciPy `ks_2samp(positive scores, negative scores).statistic`.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The difference in [0, 1]; NaN if all rows are of one class.
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ksStatistic([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.5);
 * ```
 */
export function ksStatistic(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  const counts = countThresholds(yTrue, scores, sampleWeight);
  const { positives, negatives, allPositives, allNegatives } = counts;
  let greatest = 0;
  for (let t = 0; t < positives.length; t++) {
    const apart = Math.abs(positives[t] / allPositives - negatives[t] / allNegatives);
    greatest = Math.max(greatest, apart);
  }
  return greatest;
}
