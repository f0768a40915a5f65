/** What all errors of predicted numbers share. */

import { checkPaired, checkWeights } from "./check.ts";

/**
 * Checks targets and predictions of a regression.
 *
 * @throws {RangeError} if the lengths differ or are 0, or a number is not finite.
 */
export function checkNumbers(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): void {
  checkPaired(yTrue, yPred, "predictions", 1, "targets");
  checkWeights(yTrue, sampleWeight);
  for (let i = 0; i < yTrue.length; i++) {
    if (Number.isFinite(yTrue[i]) && Number.isFinite(yPred[i])) continue;
    throw new RangeError(
      `Cannot score row ${i} of target ${yTrue[i]} and prediction ${yPred[i]}; ` +
        "give finite numbers, or leave the row out",
    );
  }
}

/** The weighted mean of an error over checked rows. */
export function meanOver(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
  error: (target: number, value: number) => number,
): number {
  checkNumbers(yTrue, yPred, sampleWeight);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const weight = sampleWeight?.[i] ?? 1;
    sum += weight * error(yTrue[i], yPred[i]);
    total += weight;
  }
  return sum / total;
}
