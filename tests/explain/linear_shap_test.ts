import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "../../src/base/mod.ts";
import { linearShap } from "../../src/explain/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/linear_shap.json" with { type: "json" };

for (const { name, model, X, values, expected } of fixture.cases) {
  Deno.test(`linearShap: the values of the shap package, ${name}`, () => {
    const found = linearShap(model, matrixFromRows(X));
    assertEquals(
      [found.rows, found.features, found.outputs],
      [X.length, model.centre.length, model.intercepts.length],
    );
    assertEquals(found.values.length, values.length);
    // Ours are kept as Float32, and so are the rows: a value of v agrees to some 1e-7 of it.
    found.values.forEach((value, i) =>
      assertAlmostEquals(value, values[i], 1e-6 * Math.max(1, Math.abs(values[i])))
    );
    found.base.forEach((value, k) => assertAlmostEquals(value, expected[k], 1e-6));
    const { rows, features } = found;
    found.scores.forEach((score, at) => {
      const [k, i] = [Math.floor(at / rows), at % rows];
      let sum = found.base[k];
      for (let j = 0; j < features; j++) sum += found.values[(k * features + j) * rows + i];
      assertAlmostEquals(sum, score, 1e-5);
    });
  });
}

Deno.test("linearShap: a missing value adds nothing; other columns are refused", () => {
  const line = { centre: [1, 2], coefficients: [3, 5], intercepts: [7] };
  const { values, scores } = linearShap(line, matrixFromRows([[NaN, 4], [2, NaN]]));
  assertEquals([[...values], [...scores]], [[0, 3, 10, 0], [17, 10]]);
  assertThrows(() => linearShap(line, matrixFromRows([[1]])), ModelError, "have 1 columns");
});
