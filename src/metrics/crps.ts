/** How good forecasts are that tell more than one number: the continuous ranked probability score. */

import { pinballLoss } from "./pinball_loss.ts";

/**
 * The mean continuous ranked probability score of samples: the mean distance of the samples from
 * the target, less half of their mean distance from each other. Of one sample it is the absolute
 * error.
 *
 * Source: Gneiting and Raftery (2007), equation 21; properscoring `crps_ensemble`.
 *
 * @param yTrue Targets, shape [rows].
 * @param samples Samples of each row, shape [rows][samples].
 * @returns The score, in units of the target, lower is better.
 * @throws {RangeError} if the lengths differ or are 0, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(crpsOfSamples([10], [[8, 12]]), 2 - 4 / 2 / 2);
 * ```
 */
export function crpsOfSamples(
  yTrue: ArrayLike<number>,
  samples: readonly ArrayLike<number>[],
): number {
  if (yTrue.length === 0 || yTrue.length !== samples.length) {
    throw new RangeError(
      `Cannot score ${yTrue.length} targets by the samples of ${samples.length} rows; ` +
        "give samples for each target, and at least one",
    );
  }
  let total = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const own = Float64Array.from(samples[i]).sort();
    if (own.length === 0 || !Number.isFinite(yTrue[i]) || !own.every(Number.isFinite)) {
      throw new RangeError(
        `Cannot score row ${i} of target ${yTrue[i]} by ${own.length} samples; ` +
          "give one or more, all finite",
      );
    }
    const n = own.length;
    let [away, apart] = [0, 0];
    for (let k = 0; k < n; k++) {
      away += Math.abs(own[k] - yTrue[i]) / n;
      // In rising order a sample is above k others and below the rest.
      apart += (2 * k + 1 - n) * own[k] / n / n;
    }
    total += away - apart;
  }
  return total / yTrue.length;
}

/**
 * What the continuous ranked probability score comes to on a few quantiles: twice their mean
 * pinball loss.
 *
 * @param yTrue Targets, shape [rows].
 * @param quantiles Which quantiles are predicted, each in (0, 1).
 * @param predicted Predictions of each quantile, shape [quantiles][rows].
 * @returns The score, in units of the target, lower is better.
 * @throws {RangeError} if there are no quantiles, or as {@linkcode pinballLoss}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(crpsOfQuantiles([10], [0.25, 0.75], [[8], [12]]), 2 * (0.5 + 0.5) / 2);
 * ```
 */
export function crpsOfQuantiles(
  yTrue: ArrayLike<number>,
  quantiles: readonly number[],
  predicted: readonly ArrayLike<number>[],
): number {
  if (quantiles.length === 0 || quantiles.length !== predicted.length) {
    throw new RangeError(
      `Cannot score ${predicted.length} predictions of ${quantiles.length} quantiles; ` +
        "give one for each, and at least one",
    );
  }
  const losses = quantiles.map((quantile, k) => pinballLoss(yTrue, predicted[k], quantile));
  return 2 * losses.reduce((sum, loss) => sum + loss / losses.length, 0);
}
