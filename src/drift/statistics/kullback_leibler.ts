/** The Kullback-Leibler divergence. */

import type { Statistic } from "./contract.ts";
import { filledShares, shares } from "./shares.ts";

/**
 * The divergence Σ r ln(r / c) in nats of the current data from the reference,
 * empty bins filled.
 *
 * Source: SciPy `entropy(reference, current)`; Evidently `kl_div`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = kullbackLeibler.measure(Float64Array.of(1, 1), Float64Array.of(1, 3));
 * assertAlmostEquals(score, 0.5 * Math.log(4 / 3), 1e-12);
 * ```
 */
export const kullbackLeibler: Statistic<Float64Array> = {
  name: "kl_div",
  kinds: ["number", "category"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "what coding current data by the reference costs: reacts most to what became rare",
  measure(reference, current) {
    const [r, c] = [shares(filledShares(reference)), shares(filledShares(current))];
    const score = r.reduce((sum, share, i) => sum + share * Math.log(share / c[i]), 0);
    return { score, pValue: null };
  },
};
