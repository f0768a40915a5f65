/** Area under the curve of precision over recall. */

import { countThresholds } from "./ranking.ts";

/**
 * The mean of the precision at each threshold, weighted by the recall it adds.
 * Says more than ROC AUC if positives are rare.
 *
 * Source: scikit-learn `average_precision_score`.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The precision in [0, 1]; 0 if no row is positive.
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 5 / 6);
 * ```
 */
export function averagePrecision(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  const { positives, negatives, allPositives } = countThresholds(yTrue, scores, sampleWeight);
  let sum = 0;
  let before = 0;
  for (let t = 0; t < positives.length; t++) {
    sum += (positives[t] - before) * positives[t] / (positives[t] + negatives[t]);
    before = positives[t];
  }
  return allPositives > 0 ? sum / allPositives : 0;
}
