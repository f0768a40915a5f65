/** Fisher's exact test of two outcomes. */

import type { Statistic } from "./contract.ts";
import { proportionsZ } from "./proportions_z.ts";
import { logBinomial } from "./special_functions.ts";

/** Of the rarer outcome on both sides; above, the Z test is as good and quicker. */
const EXACT_ROWS = 10_000;

/**
 * Fisher's exact test (two-sided) of the counts of two outcomes on each side.
 * Where the rarer outcome has more than 10,000 rows it is the Z test.
 *
 * Source: SciPy `fisher_exact`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = fisherExact.measure(Float64Array.of(8, 2), Float64Array.of(1, 5));
 * assertAlmostEquals(score, 0.034965, 1e-6);
 * ```
 */
export const fisherExact: Statistic<Float64Array> = {
  name: "fisher_exact",
  kinds: ["number", "category"],
  threshold: 0.05,
  drifts: "below",
  twoCounts: true,
  goodFor: "columns of two values in samples of any size",
  measure(reference, current) {
    const rarer = Math.min(reference[0] + current[0], reference[1] + current[1]);
    if (rarer > EXACT_ROWS) return proportionsZ.measure(reference, current);
    const pValue = fisherTwoSided(reference, current);
    return { score: pValue, pValue };
  },
};

/** The chance of all tables with these margins that are no more likely than the one found. */
function fisherTwoSided([a, b]: Float64Array, [c, d]: Float64Array): number {
  const [n, m, first] = [a + b, c + d, a + c];
  const [least, most] = [Math.max(0, first - m), Math.min(n, first)];
  const logAll = logBinomial(n + m, first);
  const chance = (x: number) => Math.exp(logBinomial(n, x) + logBinomial(m, first - x) - logAll);
  // Rounding must not leave out tables that are exactly as likely.
  const found = chance(a) * (1 + 1e-7);
  let sum = 0;
  for (let x = least; x <= most; x++) {
    const one = chance(x);
    if (one <= found) sum += one;
  }
  return Math.min(1, sum);
}
