import { assertAlmostEquals, assertEquals } from "@std/assert";
import { quantileSorted, sortedFinite } from "../../src/base/mod.ts";
import fixture from "./fixtures/base.json" with { type: "json" };

fixture.quantiles.forEach(({ values, q, expected }, i) => {
  Deno.test(`quantileSorted: as numpy.quantile, case ${i} of ${values.length} values`, () => {
    const sorted = sortedFinite(values);
    // One interpolation between two Float64 of at most 5 differs by a rounding or two.
    q.forEach((share, j) => assertAlmostEquals(quantileSorted(sorted, share), expected[j], 4e-15));
  });
});

Deno.test("quantileSorted: nothing has no quantile", () => {
  assertEquals(quantileSorted([], 0.5), NaN);
});

Deno.test("sortedFinite: drops what is not finite and sorts as numbers", () => {
  const values = [10, NaN, 9, -Infinity, -1, Infinity, 100];
  assertEquals([...sortedFinite(values)], [-1, 9, 10, 100]);
});
