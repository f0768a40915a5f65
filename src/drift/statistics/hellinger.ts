/** The Hellinger distance. */

import type { Statistic } from "./contract.ts";
import { shares } from "./shares.ts";

/**
 * The Hellinger distance √(1 − Σ √(r c)), in [0, 1].
 *
 * Source: Evidently `hellinger`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(hellinger.measure(Float64Array.of(1, 0), Float64Array.of(0, 1)).score, 1);
 * ```
 */
export const hellinger: Statistic<Float64Array> = {
  name: "hellinger",
  kinds: ["number", "category"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "categories and bins: bounded, and sensitive to rare ones that appear",
  measure(reference, current) {
    const [r, c] = [shares(reference), shares(current)];
    const common = r.reduce((sum, share, i) => sum + Math.sqrt(share * c[i]), 0);
    return { score: Math.sqrt(1 - Math.min(1, common)), pValue: null };
  },
};
