/** The Jensen-Shannon distance. */

import type { Statistic } from "./contract.ts";
import { shares } from "./shares.ts";

/**
 * The root of the Jensen-Shannon divergence in nats, in [0, √ln 2].
 *
 * Source: SciPy `jensenshannon`; Evidently `jensenshannon`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = jensenShannon.measure(Float64Array.of(1, 0), Float64Array.of(0, 1));
 * assertAlmostEquals(score, Math.sqrt(Math.LN2), 1e-12);
 * ```
 */
export const jensenShannon: Statistic<Float64Array> = {
  name: "jensenshannon",
  kinds: ["number", "category"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "categories in large samples: bounded, symmetric, at ease with empty ones",
  measure(reference, current) {
    const [r, c] = [shares(reference), shares(current)];
    const divergence = r.reduce((sum, share, i) => {
      const middle = (share + c[i]) / 2;
      return sum + entropyOf(share, middle) + entropyOf(c[i], middle);
    }, 0);
    return { score: Math.sqrt(Math.max(0, divergence) / 2), pValue: null };
  },
};

function entropyOf(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log(share / middle);
}
