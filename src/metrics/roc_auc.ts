/** Area under the receiver operating characteristic. */

import { checkPaired } from "./check.ts";
import { thresholds } from "./ranking.ts";

/**
 * The chance that a positive row scores above a negative one, ties counted half
 * (the area under the ROC curve).
 *
 * Source: scikit-learn `roc_auc_score`; Hanley and McNeil, 1982.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher where a row is more likely positive, finite, shape [rows].
 * @returns The area in [0, 1]; NaN where all rows are of one class.
 * @throws {RangeError} where the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
 * ```
 */
export function rocAuc(yTrue: ArrayLike<number>, scores: ArrayLike<number>): number {
  checkPaired(yTrue, scores, "scores");
  // Twice the area in whole pairs, so that the sum is exact.
  let twice = 0;
  let last = { positives: 0, negatives: 0 };
  for (const at of thresholds(yTrue, scores)) {
    twice += (at.negatives - last.negatives) * (at.positives + last.positives);
    last = at;
  }
  return twice / (2 * last.positives * last.negatives);
}

/**
 * The mean over classes of the area of that class against all others; `macro`
 * is the plain mean, `weighted` the mean by rows of the class.
 *
 * Source: scikit-learn `roc_auc_score(multi_class="ovr")`.
 *
 * @param yTrue True classes, 0 to classes − 1, shape [rows].
 * @param probabilities Class by class, shape [classes × rows].
 * @param classes Number of classes.
 * @returns The mean area in [0, 1]; NaN where a class has no rows.
 * @throws {RangeError} where the lengths do not fit.
 */
export function rocAucOneVsRest(
  yTrue: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  average: "macro" | "weighted" = "macro",
): number {
  checkPaired(yTrue, probabilities, "probabilities", classes);
  const scores = Float64Array.from(probabilities);
  const rows = yTrue.length;
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    const isClass = Uint8Array.from(yTrue, (found) => found === label ? 1 : 0);
    const area = rocAuc(isClass, scores.subarray(label * rows, (label + 1) * rows));
    const support = isClass.reduce((total, one) => total + one, 0);
    sum += area * (average === "macro" ? 1 / classes : support / rows);
  }
  return sum;
}
