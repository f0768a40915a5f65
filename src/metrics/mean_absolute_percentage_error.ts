/** The size of errors beside that of the targets. */

import { meanOver } from "./errors_of_numbers.ts";

/**
 * The mean absolute difference as a share of the absolute target. A target of 0 counts
 * as 2.2e-16, which makes its share huge: use another metric if there are any.
 *
 * Source: scikit-learn `mean_absolute_percentage_error`.
 *
 * @param yTrue Targets, shape [rows].
 * @param yPred Predictions, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The error, 1 for errors as large as the targets, lower is better.
 * @throws {RangeError} if the lengths differ or are 0, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(meanAbsolutePercentageError([1, 2, 4, 4], [1, 2, 4, 6]), 0.125);
 * ```
 */
export function meanAbsolutePercentageError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return meanOver(
    yTrue,
    yPred,
    sampleWeight,
    (target, value) => Math.abs(target - value) / Math.max(Math.abs(target), Number.EPSILON),
  );
}
