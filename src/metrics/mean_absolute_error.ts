/** The size of errors. */

import { meanOver } from "./errors_of_numbers.ts";

/**
 * The mean absolute difference of target and prediction.
 *
 * Source: scikit-learn `mean_absolute_error`.
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
 * assertEquals(meanAbsoluteError([1, 2, 3, 4], [1, 2, 3, 6]), 0.5);
 * ```
 */
export function meanAbsoluteError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return meanOver(yTrue, yPred, sampleWeight, (target, value) => Math.abs(target - value));
}
