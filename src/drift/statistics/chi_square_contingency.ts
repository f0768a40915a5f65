/** The chi-square test of two samples of categories. */

import type { Statistic } from "./contract.ts";
import { chiSquareTail } from "./special_functions.ts";

/**
 * The chi-square test of independence between sample and category (two rows,
 * no continuity correction), which counts chance on both sides.
 *
 * Source: SciPy `chi2_contingency([reference, current], correction=False)`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = chiSquareContingency.measure(Float64Array.of(10, 20), Float64Array.of(20, 10));
 * assertAlmostEquals(score, 0.00982, 1e-5);
 * ```
 */
export const chiSquareContingency: Statistic<Float64Array> = {
  name: "chi_square_contingency",
  kinds: ["number", "category"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "any change of categories of which each is expected five times or more on both sides",
  measure(reference, current) {
    const { square, categories } = contingency(reference, current);
    const pValue = categories < 2 ? 1 : chiSquareTail(square, categories - 1);
    return { score: pValue, pValue };
  },
};

/** The chi-square of a table of two rows, and the number of categories that occur in it. */
export function contingency(
  reference: Float64Array,
  current: Float64Array,
): { square: number; categories: number } {
  let [n, m, categories, square] = [0, 0, 0, 0];
  for (let i = 0; i < reference.length; i++) {
    n += reference[i];
    m += current[i];
  }
  for (let i = 0; i < reference.length; i++) {
    const both = reference[i] + current[i];
    if (both === 0) continue;
    categories++;
    // Both rows together: the difference is the same but for its sign.
    const expected = both * n / (n + m);
    square += (reference[i] - expected) ** 2 * (n + m) ** 2 / (both * n * m);
  }
  return { square, categories };
}
