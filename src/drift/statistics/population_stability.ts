/** The population stability index. */

import type { Statistic } from "./contract.ts";
import { filledShares } from "./shares.ts";

/**
 * The population stability index Σ (r − c) ln(r / c) over bins or categories,
 * empty ones filled.
 *
 * Source: Evidently `psi`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = populationStability.measure(Float64Array.of(5, 5), Float64Array.of(2, 8));
 * assertAlmostEquals(score, 0.3 * Math.log(4), 1e-12);
 * ```
 */
export const populationStability: Statistic<Float64Array> = {
  name: "psi",
  kinds: ["number", "category"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "the measure that credit risk knows; grows with the number of bins and in small samples",
  measure(reference, current) {
    const [r, c] = [filledShares(reference), filledShares(current)];
    const score = r.reduce((sum, share, i) => sum + (share - c[i]) * Math.log(share / c[i]), 0);
    return { score, pValue: null };
  },
};
