/** Elastic nets beside scikit-learn's. */

import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  elasticNet,
  type ElasticNetParams,
  loadRegression,
  predictValues,
  saveModel,
} from "../../src/learners/mod.ts";
import { matrixOf, readFixture, type Rows } from "./fixture.ts";

const fixture = await readFixture<{
  X: Rows;
  y: number[];
  weight: number[];
  cases: {
    alpha: number;
    l1Ratio: number;
    weighted: boolean;
    coefficients: number[];
    predicted: number[];
  }[];
}>("elastic_net.json");
const X = matrixOf(fixture.X);
const y = Float64Array.from(fixture.y);
const sampleWeight = Float32Array.from(fixture.weight);

for (const { alpha, l1Ratio, weighted, coefficients, predicted } of fixture.cases) {
  Deno.test(`elastic net: scikit-learn's coefficients, alpha ${alpha}, ratio ${l1Ratio}${weighted ? ", weighted" : ""}`, async () => {
    const model = await elasticNet({ alpha, l1Ratio, tol: 1e-12 })
      .fit(X, y, { seed: 1, ...weighted && { sampleWeight } });
    // Both descents end within 1e-7 of the one minimum, whose coefficients are of size 1.
    coefficients.forEach((wanted, j) => {
      assertAlmostEquals(model.coefficients[j], wanted, 1e-6);
      assertEquals(model.coefficients[j] === 0, wanted === 0, `coefficient ${j}`);
    });
    const found = await predictValues(model, X);
    found.forEach((value, i) => assertAlmostEquals(value, predicted[i], 1e-5));
    assertEquals(await predictValues(loadRegression(saveModel(model)), X), found);
  });
}

Deno.test("elastic net: parameters out of their range are refused", () => {
  for (const params of [{ alpha: 0 }, { l1Ratio: 1.1 }, { tol: 0 }, { maxIter: 0.5 }]) {
    assertThrows(() => elasticNet(params as ElasticNetParams), UsageError, "of ElasticNet");
  }
});
