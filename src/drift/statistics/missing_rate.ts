/** The test whether another share of the rows is missing. */

import type { Statistic } from "./contract.ts";
import { fisherExact } from "./fisher_exact.ts";

/**
 * Fisher's exact test of the counts of values that are there and values that
 * are missing, on each side.
 *
 * Source: SciPy `fisher_exact`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { score } = missingRate.measure(Float64Array.of(20, 0), Float64Array.of(16, 4));
 * assertAlmostEquals(score, 0.106, 1e-3);
 * ```
 */
export const missingRate: Statistic<Float64Array> = {
  name: "missing_rate",
  kinds: ["number", "category", "text", "date"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "a source that broke: values that go missing or come back",
  measure: (reference, current) => fisherExact.measure(reference, current),
};
