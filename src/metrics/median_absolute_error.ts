/** The size of errors, whatever the largest ones are. */

import { checkNumbers } from "./errors_of_numbers.ts";

/**
 * The median absolute difference of target and prediction. With weights it is
 * the difference that half the weight does not exceed, the mean of two where
 * that is exactly half.
 *
 * Source: scikit-learn `median_absolute_error`.
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
 * assertEquals(medianAbsoluteError([1, 2, 3, 4], [1, 3, 5, 400]), 1.5);
 * ```
 */
export function medianAbsoluteError(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  checkNumbers(yTrue, yPred, sampleWeight);
  const weightOf = (row: number) => sampleWeight?.[row] ?? 1;
  const errors = Float64Array.from(yTrue, (target, i) => Math.abs(target - yPred[i]));
  const rising = Array.from(errors.keys())
    .filter((row) => weightOf(row) > 0)
    .sort((a, b) => errors[a] - errors[b]);
  const half = rising.reduce((sum, row) => sum + weightOf(row), 0) / 2;
  let below = 0;
  for (const [place, row] of rising.entries()) {
    below += weightOf(row);
    if (below < half) continue;
    const above = rising[place + 1];
    const exact = below - half <= Number.EPSILON && above !== undefined;
    return exact ? (errors[row] + errors[above]) / 2 : errors[row];
  }
  return errors[rising[rising.length - 1]];
}
