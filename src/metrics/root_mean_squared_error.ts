/** The size of errors, large ones counted more. */

import { meanOver } from "./errors_of_numbers.ts";

/**
 * The root of the mean squared difference of target and prediction.
 *
 * Source: scikit-learn `root_mean_squared_error`.
 *
 * @param yTrue Targets, shape [rows].
 * @param yPred Predictions, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The error, in units of the target, lower is better.
 * @throws {RangeError} if the lengths differ or are 0, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(rootMeanSquaredError([1, 2, 3, 4], [1, 2, 3, 6]), 1);
 * ```
 */
export function rootMeanSquaredError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return Math.sqrt(meanOver(yTrue, yPred, sampleWeight, (target, value) => (target - value) ** 2));
}
