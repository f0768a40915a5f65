/** Gradient boosting against XGBoost. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random, UsageError } from "../../src/base/mod.ts";
import {
  gradientBoosting,
  type GradientBoostingParams,
  predict,
  predictProba,
} from "../../src/learners/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { f1Macro, logLoss, matrixOf, readFixture, type Rows } from "./fixture.ts";

interface Quality {
  f1_macro: number;
  log_loss: number;
}

interface Mixed {
  train: { X: Rows; y: number[] };
  test: { X: Rows; y: number[] };
  boosting: Quality;
  boosting_strict: Quality;
}

interface Grid {
  X: Rows;
  y: number[];
  weight: number[];
  X_test: Rows;
  xgboost: {
    name: string;
    classes: number;
    params: GradientBoostingParams;
    weighted: boolean;
    proba: number[][];
  }[];
}

const grid = await readFixture<Grid>("grid.json");

for (const { name, classes, params, weighted, proba: expected } of grid.xgboost) {
  Deno.test(`gradient boosting: XGBoost's probabilities where bins are exact (${name})`, async () => {
    const y = Int32Array.from(grid.y, (label) => classes === 2 ? Number(label === 2) : label);
    const learner = gradientBoosting({ nEstimators: 20, ...params });
    const model = await learner.fit(matrixOf(grid.X), y, {
      classes,
      seed: 0,
      sampleWeight: weighted ? Float32Array.from(grid.weight) : undefined,
    });
    const proba = await predictProba(model, matrixOf(grid.X_test));
    expected.forEach((row, i) =>
      row.forEach((value, k) => {
        // The same splits; gradients are Float32 on both sides, the exponential
        // function differs in its last bit, and 20 rounds carry that on.
        assertAlmostEquals(proba[k * expected.length + i], value, 1e-4);
      })
    );
  });
}

for (
  const [name, params] of [
    ["boosting", {}],
    ["boosting_strict", {
      nEstimators: 60,
      maxDepth: 4,
      learningRate: 0.1,
      regLambda: 5,
      regAlpha: 1,
      gamma: 0.5,
      minChildWeight: 8,
    }],
  ] satisfies [keyof Mixed, GradientBoostingParams][]
) {
  Deno.test(`gradient boosting: as good as XGBoost on mixed data with gaps (${name})`, async () => {
    const { train, test, ...references } = await readFixture<Mixed>("mixed.json");
    const model = await gradientBoosting(params).fit(matrixOf(train.X), Int32Array.from(train.y), {
      classes: 3,
      seed: 0,
    });
    const X = matrixOf(test.X);
    const f1 = f1Macro(test.y, await predict(model, X), 3);
    const loss = logLoss(test.y, await predictProba(model, X));
    // With more distinct values than bins, cuts differ a little and so do trees:
    // on 1,200 test rows F1 has a standard error of 0.014, of which most is shared.
    const reference = references[name];
    assert(f1 > reference.f1_macro - 0.015, `macro-F1 ${f1}, XGBoost ${reference.f1_macro}`);
    assert(loss < reference.log_loss * 1.03, `log loss ${loss}, XGBoost ${reference.log_loss}`);
  });
}

Deno.test("gradient boosting: bundled one-hot columns give the trees of separate ones", async () => {
  const oneHot = grid.X.map((row) => row.slice(3).map(Number));
  const y = Int32Array.from(grid.y);
  const learner = gradientBoosting({ nEstimators: 5 });
  const bundled = await learner.fit(matrixFromRows(oneHot), y, { classes: 3, seed: 0 });
  // A row without weight that has a third value everywhere keeps the columns apart.
  const separate = await learner.fit(
    matrixFromRows([...oneHot, [2, 2, 2, 2]]),
    Int32Array.of(...y, 0),
    { classes: 3, seed: 0, sampleWeight: new Float32Array(y.length + 1).fill(1, 0, y.length) },
  );
  assertEquals(bundled.trees.feature, separate.trees.feature);
  assertEquals(bundled.trees.threshold, separate.trees.threshold);
  bundled.trees.leaves.forEach((value, leaf) =>
    // Sums of the one are differences of the other: equal but for Float64 rounding.
    assertAlmostEquals(value, separate.trees.leaves[leaf], 1e-6)
  );
});

Deno.test("gradient boosting: binary columns that are mostly one learn as those mostly zero", async () => {
  const random = new Random(5);
  const rows = Array.from(
    { length: 400 },
    () => Array.from({ length: 6 }, () => +(random.next() < 0.8)),
  );
  const y = Int32Array.from(rows, ([a, b, c, d]) => random.next() < 0.1 ? 1 : (a & b) ^ (c | d));
  const learner = gradientBoosting({ nEstimators: 20 });
  const ones = matrixFromRows(rows);
  const zeros = matrixFromRows(rows.map((row) => row.map((value) => 1 - value)));
  const ofOnes = await predictProba(await learner.fit(ones, y, { classes: 2, seed: 0 }), ones);
  const ofZeros = await predictProba(await learner.fit(zeros, y, { classes: 2, seed: 0 }), zeros);
  // The same leaves in another order, whose Float32 values are added to the same scores.
  ofOnes.forEach((p, i) => assertAlmostEquals(p, ofZeros[i], 1e-6));
});

Deno.test("gradient boosting: being missing is learned from", async () => {
  const X = matrixFromRows(Array.from({ length: 40 }, (_, i) => [i % 2 ? NaN : i]));
  const y = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const model = await gradientBoosting({ nEstimators: 5 }).fit(X, y, { classes: 2, seed: 0 });
  assertEquals([...await predict(model, matrixFromRows([[1e30], [-5], [NaN]]))], [0, 0, 1]);
});

Deno.test("gradient boosting: parameters out of range are named", () => {
  const error = assertThrows(() => gradientBoosting({ learningRate: 0 }), UsageError);
  assertEquals(error.message, "Cannot set learningRate of GradientBoosting to 0");
  assertThrows(() => gradientBoosting({ maxDepth: 0 }), UsageError, "maxDepth");
  assertThrows(() => gradientBoosting({ regLambda: -1 }), UsageError, "regLambda");
  assertThrows(() => gradientBoosting({ maxBin: 257 }), UsageError, "maxBin");
  assertThrows(() => gradientBoosting({ gamma: NaN }), UsageError, "gamma");
});
