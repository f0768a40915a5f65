/** Area under the receiver operating characteristic. */

import { checkPaired, checkWeights } from "./check.ts";
import { countThresholds } from "./ranking.ts";

/**
 * The chance that a positive row scores above a negative one, ties counted half
 * (the area under the ROC curve).
 *
 * Source: scikit-learn `roc_auc_score`; Hanley and McNeil, 1982.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The area in [0, 1]; NaN if all rows are of one class.
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
 * ```
 */
export function rocAuc(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  const counts = countThresholds(yTrue, scores, sampleWeight);
  const { positives, negatives, allPositives, allNegatives } = counts;
  // Twice the area in whole pairs, so that the sum is exact where rows are not weighted.
  let twice = 0;
  let positivesBefore = 0;
  let negativesBefore = 0;
  for (let t = 0; t < positives.length; t++) {
    twice += (negatives[t] - negativesBefore) * (positives[t] + positivesBefore);
    positivesBefore = positives[t];
    negativesBefore = negatives[t];
  }
  return twice / (2 * allPositives * allNegatives);
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
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The mean area in [0, 1]; `macro` is NaN if a class has no rows.
 * @throws {RangeError} if the lengths do not fit.
 */
export function rocAucOneVsRest(
  yTrue: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  average: "macro" | "weighted" = "macro",
  sampleWeight?: ArrayLike<number>,
): number {
  checkPaired(yTrue, probabilities, "probabilities", classes);
  checkWeights(yTrue, sampleWeight);
  const scores = new Float64Array(probabilities);
  const rows = yTrue.length;
  const support = new Float64Array(classes);
  for (let i = 0; i < rows; i++) support[yTrue[i]] += sampleWeight?.[i] ?? 1;
  const total = support.reduce((sum, weight) => sum + weight, 0);
  let mean = 0;
  for (let label = 0; label < classes; label++) {
    // A class without rows has no area, and no part in a mean by rows.
    if (average === "weighted" && support[label] === 0) continue;
    const isClass = Uint8Array.from(yTrue, (found) => found === label ? 1 : 0);
    const ofClass = scores.subarray(label * rows, (label + 1) * rows);
    mean += rocAuc(isClass, ofClass, sampleWeight) *
      (average === "macro" ? 1 / classes : support[label] / total);
  }
  return mean;
}
