/** The loss that probabilistic classifiers minimise. */

import { checkPaired, checkProbabilities, checkWeights } from "./check.ts";

/**
 * The mean of −ln of the probability given to the true class. Probabilities are
 * kept one rounding step (machine epsilon of their array's type) from 0 and 1,
 * so that a single certain mistake does not make the loss infinite.
 *
 * Source: scikit-learn `log_loss`.
 *
 * @param yTrue True classes, 0 to classes − 1, shape [rows].
 * @param probabilities Class by class, shape [classes × rows]: class k of row i
 * is at `k * rows + i`.
 * @param classes Number of classes.
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The loss, 0 or more, lower is better.
 * @throws {RangeError} if the lengths do not fit.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const probabilities = [0.5, 0.25, 0.5, 0.75]; // two rows of two classes, class by class
 * assertAlmostEquals(logLoss([0, 1], probabilities, 2), -Math.log(0.5 * 0.75) / 2);
 * ```
 */
export function logLoss(
  yTrue: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  sampleWeight?: ArrayLike<number>,
): number {
  checkPaired(yTrue, probabilities, "probabilities", classes);
  checkProbabilities(probabilities, yTrue.length);
  checkWeights(yTrue, sampleWeight);
  const rows = yTrue.length;
  const epsilon = probabilities instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const probability = probabilities[yTrue[i] * rows + i];
    const weight = sampleWeight?.[i] ?? 1;
    loss -= weight * Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
    total += weight;
  }
  return loss / total;
}
