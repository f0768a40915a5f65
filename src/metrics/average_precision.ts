/** Area under the curve of precision over recall. */

import { checkPaired } from "./check.ts";
import { thresholds } from "./ranking.ts";

/**
 * The mean of the precision at each threshold, weighted by the recall it adds.
 * Says more than ROC AUC where positives are rare.
 *
 * Source: scikit-learn `average_precision_score`.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher where a row is more likely positive, finite, shape [rows].
 * @returns The precision in [0, 1]; 0 where no row is positive.
 * @throws {RangeError} where the lengths differ.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 5 / 6);
 * ```
 */
export function averagePrecision(yTrue: ArrayLike<number>, scores: ArrayLike<number>): number {
  checkPaired(yTrue, scores, "scores");
  let sum = 0;
  let before = 0;
  for (const { positives, negatives } of thresholds(yTrue, scores)) {
    sum += (positives - before) * positives / (positives + negatives);
    before = positives;
  }
  return before > 0 ? sum / before : 0;
}
