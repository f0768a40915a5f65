/** The two-sample Kolmogorov-Smirnov test. */

import type { Statistic } from "./contract.ts";
import { twoSampleTail } from "./kolmogorov_distribution.ts";

/**
 * The two-sample Kolmogorov-Smirnov test.
 *
 * Source: SciPy 1.17 `ks_2samp(reference, current)`; Evidently `ks`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = kolmogorovSmirnov.measure(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6));
 * assertAlmostEquals(score, 0.1);
 * ```
 */
export const kolmogorovSmirnov: Statistic<Float64Array> = {
  name: "ks",
  kinds: ["number"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "any change of a continuous column, with an exact p-value in small samples",
  measure(reference, current) {
    const distance = ksDistance(reference, current);
    const pValue = twoSampleTail(distance, reference.length, current.length);
    return { score: pValue, pValue };
  },
};

/**
 * The greatest difference between two empirical distribution functions, in [0, 1].
 *
 * @param reference Rising numbers without NaN, shape [values].
 * @param current The same, of any length.
 */
export function ksDistance(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length];
  let greatest = 0;
  for (let i = 0, j = 0; i < n && j < m;) {
    const value = Math.min(reference[i], current[j]);
    while (i < n && reference[i] <= value) i++;
    while (j < m && current[j] <= value) j++;
    greatest = Math.max(greatest, Math.abs(i / n - j / m));
  }
  return greatest;
}
