/** The Z test of two proportions. */

import type { Statistic } from "./contract.ts";
import { normalTwoSided } from "./special_functions.ts";

/**
 * The two-sided Z test with pooled variance of the share of the first of two
 * categories.
 *
 * Source: Evidently `z`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = proportionsZ.measure(Float64Array.of(10, 20), Float64Array.of(20, 10));
 * assertAlmostEquals(score, 0.00982, 1e-5);
 * ```
 */
export const proportionsZ: Statistic<Float64Array> = {
  name: "z",
  kinds: ["number", "category"],
  threshold: 0.05,
  drifts: "below",
  twoCounts: true,
  goodFor: "columns of two values in large samples",
  measure([firstOfReference, secondOfReference = 0], [firstOfCurrent, secondOfCurrent = 0]) {
    const n = firstOfReference + secondOfReference;
    const m = firstOfCurrent + secondOfCurrent;
    const both = (firstOfReference + firstOfCurrent) / (n + m);
    const spread = Math.sqrt(both * (1 - both) * (1 / n + 1 / m));
    const apart = firstOfReference / n - firstOfCurrent / m;
    const pValue = spread === 0 ? 1 : normalTwoSided(apart / spread);
    return { score: pValue, pValue };
  },
};
