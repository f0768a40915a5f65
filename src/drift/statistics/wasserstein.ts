/** The Wasserstein distance in standard deviations of the reference. */

import type { Statistic } from "./contract.ts";
import { areaBetween } from "./distance_between_cdfs.ts";

/** Evidently's floor of the deviation, so that a constant reference does not divide by 0. */
const LEAST_DEVIATION = 0.001;

/**
 * The first Wasserstein distance (earth mover's) divided by the standard
 * deviation of the reference (divisor n), at least 0.001.
 *
 * Source: SciPy `wasserstein_distance`; Evidently `wasserstein`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = wasserstein.measure(Float64Array.of(-1, 1), Float64Array.of(-0.5, 1.5));
 * assertAlmostEquals(score, 0.5);
 * ```
 */
export const wasserstein: Statistic<Float64Array> = {
  name: "wasserstein",
  kinds: ["number"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "how far a number moved, in standard deviations; noisy below some thousand rows",
  measure(reference, current) {
    const deviation = Math.max(standardDeviation(reference), LEAST_DEVIATION);
    return { score: areaBetween(reference, current, 1) / deviation, pValue: null };
  },
};

function standardDeviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
