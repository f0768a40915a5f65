/** The corrected resampled t-test against SciPy's t distribution. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pairedComparison } from "../../src/metrics/mod.ts";
import { optuna } from "../search/fixture.ts";

Deno.test("paired comparison: difference, interval and p are SciPy's", () => {
  for (const { first, second, testShare, difference, interval, pValue } of optuna.comparisons) {
    const found = pairedComparison(first, second, testShare);
    assertAlmostEquals(found.difference, difference, 1e-14);
    // The quantile is sought to 13 digits.
    assertAlmostEquals(found.interval[0], interval[0], 1e-9);
    assertAlmostEquals(found.interval[1], interval[1], 1e-9);
    assertAlmostEquals(found.pValue, pValue, 1e-9);
  }
});

Deno.test("paired comparison: the same values are no difference, a sure one has no chance", () => {
  assertEquals(pairedComparison([1, 2, 3], [1, 2, 3], 0.5), {
    difference: 0,
    interval: [0, 0],
    pValue: 1,
  });
  assertEquals(pairedComparison([2, 3], [1, 2], 1), {
    difference: 1,
    interval: [1, 1],
    pValue: 0,
  });
  const [narrow, wide] = [0.5, 0.99].map((coverage) =>
    pairedComparison([3, 4, 6], [1, 2, 5], 0.5, coverage).interval
  );
  assert(narrow[1] - narrow[0] < wide[1] - wide[0]);
  assertThrows(() => pairedComparison([1], [2], 1), RangeError, "Cannot compare 1 folds with 1");
  assertThrows(() => pairedComparison([1, 2], [2], 1), RangeError, "2 folds with 1");
});
