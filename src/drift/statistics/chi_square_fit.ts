/** Evidently's chi-square test, which takes the reference for the truth. */

import type { Statistic } from "./contract.ts";
import { chiSquareTail } from "./special_functions.ts";

/**
 * The chi-square test of how well the current counts fit the shares of the
 * reference. It takes these shares for exact, so that its false alarms are
 * several times its level where both samples are of like size.
 *
 * Source: Evidently `chisquare` (SciPy `chisquare`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(chiSquareFit.measure(Float64Array.of(2, 2), Float64Array.of(9, 9)).score, 1);
 * ```
 */
export const chiSquareFit: Statistic<Float64Array> = {
  name: "chisquare",
  kinds: ["number", "category"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "being comparable with Evidently; prefer chi_square_contingency",
  measure(reference, current) {
    const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
    const scale = sum(current) / sum(reference);
    let square = 0;
    for (let i = 0; i < reference.length; i++) {
      const expected = reference[i] * scale;
      if (expected > 0) square += (current[i] - expected) ** 2 / expected;
      else if (current[i] > 0) square = Infinity;
    }
    const pValue = reference.length < 2 ? 1 : chiSquareTail(square, reference.length - 1);
    return { score: pValue, pValue };
  },
};
