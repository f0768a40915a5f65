/** Whether one forecast is better than another at origins whose errors overlap. */

import {
  type PairedComparison,
  studentQuantile,
  studentTail,
} from "../../src/metrics/paired_comparison.ts";

/**
 * The test of Diebold and Mariano with the correction of Harvey, Leybourne and Newbold for few
 * origins, and the interval of the difference that it goes with.
 *
 * Source: Diebold and Mariano (1995), Comparing predictive accuracy; Harvey, Leybourne and Newbold
 * (1997), Testing the equality of prediction mean squared errors. Weights of Bartlett keep the
 * variance above 0.
 *
 * @param first Errors of one forecast at each origin.
 * @param second Errors of the other.
 * @param steps Origins that one overlaps with, itself included.
 */
export function dieboldMariano(
  first: readonly number[],
  second: readonly number[],
  steps: number,
  coverage = 0.95,
): PairedComparison {
  const count = first.length;
  const differences = first.map((error, at) => error - second[at]);
  const difference = differences.reduce((sum, one) => sum + one, 0) / count;
  let variance = 0;
  for (let lag = 0; lag < steps; lag++) {
    let product = 0;
    for (let at = lag; at < count; at++) {
      product += (differences[at] - difference) * (differences[at - lag] - difference) / count;
    }
    variance += (lag === 0 ? 1 : 2 * (1 - lag / steps)) * product / count;
  }
  const few = (count + 1 - 2 * steps + steps * (steps - 1) / count) / count;
  const error = Math.sqrt(variance / few);
  const half = error * studentQuantile((1 + coverage) / 2, count - 1);
  return {
    difference,
    interval: [difference - half, difference + half],
    pValue: 2 * studentTail(Math.abs(difference) / error, count - 1),
  };
}
