/** How much of the targets' variance predictions explain. */

import { checkNumbers } from "./errors_of_numbers.ts";

/**
 * The share of the targets' variance that is explained: 1 for perfect
 * predictions, 0 for the mean of the targets, below 0 for worse. Where all
 * targets are equal, 1 for perfect predictions and 0 for others.
 *
 * Source: scikit-learn `r2_score`.
 *
 * @param yTrue Targets, shape [rows].
 * @param yPred Predictions, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The share, at most 1; NaN for a single row.
 * @throws {RangeError} if the lengths differ or are 0, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(r2Score([1, 2, 3], [1, 2, 2]), 0.5);
 * ```
 */
export function r2Score(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  checkNumbers(yTrue, yPred, sampleWeight);
  if (yTrue.length < 2) return NaN;
  const weightOf = (row: number) => sampleWeight?.[row] ?? 1;
  let total = 0;
  let sum = 0;
  for (let i = 0; i < yTrue.length; i++) {
    total += weightOf(i);
    sum += weightOf(i) * yTrue[i];
  }
  const mean = sum / total;
  let left = 0;
  let whole = 0;
  for (let i = 0; i < yTrue.length; i++) {
    left += weightOf(i) * (yTrue[i] - yPred[i]) ** 2;
    whole += weightOf(i) * (yTrue[i] - mean) ** 2;
  }
  if (whole === 0) return left === 0 ? 1 : 0;
  return 1 - left / whole;
}
