/** The energy distance. */

import type { Statistic } from "./contract.ts";
import { areaBetween } from "./distance_between_cdfs.ts";

/**
 * The energy distance √(2 ∫ (F − G)²), in roots of the column's unit.
 *
 * Source: SciPy `energy_distance`; Evidently `ed`; Székely and Rizzo, 2013.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = energyDistance.measure(Float64Array.of(0), Float64Array.of(2));
 * assertAlmostEquals(score, 2);
 * ```
 */
export const energyDistance: Statistic<Float64Array> = {
  name: "ed",
  kinds: ["number"],
  threshold: 0.1,
  drifts: "above",
  goodFor: "changes of place and shape of a column whose unit is known, as its scale is not free",
  measure: (reference, current) => ({
    score: Math.sqrt(2 * areaBetween(reference, current, 2)),
    pValue: null,
  }),
};
