/** The loss that quantiles minimise. */

import { meanOver } from "./errors_of_numbers.ts";

/**
 * The mean loss of predicted quantiles: a target above its prediction costs the
 * difference × `quantile`, one below costs it × (1 − `quantile`).
 *
 * Source: scikit-learn `mean_pinball_loss`; Koenker and Bassett, 1978.
 *
 * @param yTrue Targets, shape [rows].
 * @param yPred Predicted quantiles, shape [rows].
 * @param quantile Which quantile is predicted, in [0, 1]; default 0.5, half the absolute error.
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The loss, in units of the target, lower is better.
 * @throws {RangeError} if the lengths differ or are 0, a number is not finite, or the quantile
 * is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(pinballLoss([10, 10], [8, 12], 0.75), (0.75 * 2 + 0.25 * 2) / 2);
 * ```
 */
export function pinballLoss(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  quantile = 0.5,
  sampleWeight?: ArrayLike<number>,
): number {
  if (!(quantile >= 0 && quantile <= 1)) {
    throw new RangeError(`Cannot score the quantile ${quantile}; choose from [0, 1]`);
  }
  return meanOver(yTrue, yPred, sampleWeight, (target, value) => {
    const short = target - value;
    return short >= 0 ? quantile * short : (quantile - 1) * short;
  });
}
