/** The squared error of probabilities. */

import { checkBinary, checkPaired, checkProbabilities, checkWeights } from "./check.ts";

/**
 * The mean squared difference between the probability of the positive class
 * and what happened.
 *
 * Source: scikit-learn `brier_score_loss`; Brier, 1950.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param probability Of the positive class, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The score in [0, 1], lower is better.
 * @throws {RangeError} if the lengths differ, a label is neither 0 nor 1, or a probability is
 * outside [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(brierScore([0, 1], [0.5, 1]), 0.125);
 * ```
 */
export function brierScore(
  yTrue: ArrayLike<number>,
  probability: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  checkPaired(yTrue, probability, "probabilities");
  checkBinary(yTrue);
  checkProbabilities(probability, yTrue.length);
  checkWeights(yTrue, sampleWeight);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = sampleWeight?.[i] ?? 1;
    sum += weight * (probability[i] - yTrue[i]) ** 2;
    total += weight;
  }
  return sum / total;
}

/**
 * The Brier score of several classes: squared differences summed over classes,
 * so twice {@link brierScore} for two classes.
 *
 * Source: scikit-learn `brier_score_loss(scale_by_half=False)`.
 *
 * @param yTrue True classes, 0 to classes − 1, shape [rows].
 * @param probabilities Class by class, shape [classes × rows].
 * @param classes Number of classes.
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The score in [0, 2], lower is better.
 * @throws {RangeError} if the lengths do not fit, or a probability is outside [0, 1].
 */
export function brierScoreMulticlass(
  yTrue: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  sampleWeight?: ArrayLike<number>,
): number {
  checkPaired(yTrue, probabilities, "probabilities", classes);
  checkProbabilities(probabilities, yTrue.length);
  checkWeights(yTrue, sampleWeight);
  const rows = yTrue.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) total += sampleWeight?.[i] ?? 1;
  for (let label = 0; label < classes; label++) {
    for (let i = 0; i < rows; i++) {
      const short = probabilities[label * rows + i] - (yTrue[i] === label ? 1 : 0);
      sum += (sampleWeight?.[i] ?? 1) * short ** 2;
    }
  }
  return sum / total;
}
