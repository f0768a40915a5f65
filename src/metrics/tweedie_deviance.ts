/** How far predicted means are from counts and amounts, by the family of Tweedie. */

import { meanOver } from "./errors_of_numbers.ts";

/**
 * The unit deviance of one target: twice what its log likelihood lacks of the best.
 *
 * @param target 0 or more.
 * @param mean The predicted mean; NaN is given for one of 0 or less.
 * @param power The power of the mean that the variance is: 1 (Poisson), or above 1 and below 2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([unitDeviance(3, 3, 1), unitDeviance(0, 2, 1)], [0, 4]);
 * ```
 */
export function unitDeviance(target: number, mean: number, power: number): number {
  if (!(mean > 0 && target >= 0)) return NaN;
  if (power === 1) {
    // The quotient of both may be more than a Float64 holds.
    const ratio = target > 0 ? Math.log(target) - Math.log(mean) : 0;
    return 2 * (target * ratio - target + mean);
  }
  const rest = 2 - power;
  return 2 * (target ** rest / ((1 - power) * rest) - target * mean ** (1 - power) / (1 - power) +
    mean ** rest / rest);
}

/**
 * Mean deviance of predicted means: what boosting by `poisson` and `tweedie` minimises.
 *
 * Source: scikit-learn `mean_tweedie_deviance`; Jørgensen, 1987, "Exponential Dispersion Models".
 *
 * @param yTrue Targets, 0 or more, shape [rows].
 * @param yPred Predicted means, above 0, shape [rows].
 * @param power The power of the mean that the variance is, 1 (default, Poisson) to below 2.
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @returns The deviance, lower is better; NaN if a target is negative or a mean is not positive.
 * @throws {RangeError} if the lengths differ or are 0, a number is not finite, or the power
 * is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(tweedieDeviance([0, 3], [2, 3]), 2);
 * ```
 */
export function tweedieDeviance(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  power = 1,
  sampleWeight?: ArrayLike<number>,
): number {
  if (!(power >= 1 && power < 2)) {
    throw new RangeError(`Cannot score by the power ${power}; choose from 1 to below 2`);
  }
  return meanOver(yTrue, yPred, sampleWeight, (target, mean) => unitDeviance(target, mean, power));
}
