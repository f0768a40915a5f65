import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { balancedAccuracy, cohenKappa, matthewsCorrelation } from "../../src/metrics/mod.ts";
import fixture from "./fixtures/curves.json" with { type: "json" };

// Quotients of whole numbers below 10,000.
const ROUNDING = 1e-12;

for (const { name, confusion, balancedAccuracy: recall, matthews, kappa } of fixture.agreement) {
  Deno.test(`agreement: as scikit-learn, ${name}`, () => {
    assertAlmostEquals(balancedAccuracy(confusion), recall, ROUNDING);
    assertAlmostEquals(matthewsCorrelation(confusion), matthews, ROUNDING);
    for (const weights of ["none", "linear", "quadratic"] as const) {
      assertAlmostEquals(cohenKappa(confusion, weights), kappa[weights], ROUNDING);
    }
  });
}

Deno.test("agreement: truth and prediction may change places, classes may change names", () => {
  const count = fc.integer({ min: 1, max: 50 });
  const row = fc.tuple(count, count, count);
  fc.assert(fc.property(fc.tuple(row, row, row), (matrix) => {
    const turned = [0, 1, 2].map((i) => matrix.map((row) => row[i]));
    assertAlmostEquals(matthewsCorrelation(turned), matthewsCorrelation(matrix), ROUNDING);
    assertAlmostEquals(cohenKappa(turned, "linear"), cohenKappa(matrix, "linear"), ROUNDING);
    const renamed = matrix.toReversed().map((row) => row.toReversed());
    assertAlmostEquals(balancedAccuracy(renamed), balancedAccuracy(matrix), ROUNDING);
    assertAlmostEquals(matthewsCorrelation(renamed), matthewsCorrelation(matrix), ROUNDING);
    assertAlmostEquals(cohenKappa(renamed), cohenKappa(matrix), ROUNDING);
  }));
});

Deno.test("agreement: of rows that are all of one class nothing can be said", () => {
  assertEquals(cohenKappa([[5, 0], [0, 0]]), NaN);
  assertEquals(matthewsCorrelation([[5, 0], [0, 0]]), 0);
  assertEquals(balancedAccuracy([[5, 0], [0, 0]]), 1);
});
