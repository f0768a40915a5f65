/** Regressions in ONNX Runtime against our own predictions. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../../src/base/mod.ts";
import {
  gradientBoosting,
  gradientBoostingRegressor,
  kNeighborsRegressor,
  linearRegression,
  predictValues,
  randomForestRegressor,
  type RegressionModel,
  type Regressor,
} from "../../src/learners/mod.ts";
import {
  checkRegressionParity,
  onnxInputs,
  openExplainer,
  openModel,
  openRegression,
  readRowModel,
  rowModel,
} from "../../src/onnx_runtime/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import { classes, creditSample } from "./credit_sample.ts";
import { constantTrees } from "./random_trees.ts";

const { state, data, X, XTrain, train } = creditSample(600);
const labels = data.labels!.slice(0, train.length);
const inputs = onnxInputs(state, data);
const parts = { state, name: "test", producerVersion: "1.2.3" };
// Far from 0 and with some targets far out: what Float32 sums bear the least.
const target = Float64Array.from(
  labels,
  (label, i) => 50_000 + 1000 * label + XTrain.data[i] ** 2 * (i % 50 === 0 ? 100 : 1),
);
const rising = Array.from({ length: X.columns }, (_, j) => j === 0 ? 1 : 0);
const exported = (model: RegressionModel) => exportRegression({ ...parts, model });

const regressors: [string, Regressor<RegressionModel>][] = [
  ["a forest", randomForestRegressor({ nEstimators: 60 })],
  ["boosting", gradientBoostingRegressor({ nEstimators: 60 })],
  ["leaf-wise boosting", gradientBoostingRegressor({ nEstimators: 60, numLeaves: 15 })],
  ["monotone boosting", gradientBoostingRegressor({ nEstimators: 60, monotone: rising })],
  ["a line", linearRegression()],
  ["nearest neighbours", kNeighborsRegressor({ nNeighbors: 3 })],
];
for (const [name, regressor] of regressors) {
  Deno.test(`export: ${name} predicts numbers in ONNX Runtime as natively`, async () => {
    const model = await regressor.fit(XTrain, target, { seed: 1 });
    const values = await predictValues(model, X);
    assert(new Set(values).size > 20, "it has learned nothing");
    const parity = await checkRegressionParity({ bytes: exported(model), inputs, values });
    assertEquals(parity.rows, 600);
  });
}

// What spreads over orders of magnitude: rounding of a score is a share of the number.
const amounts = Float64Array.from(
  labels,
  (label, i) =>
    i % 3 === 0 ? 0 : 100 * Math.exp(label + XTrain.data[i] / 2) * (i % 50 === 0 ? 100 : 1),
);
for (const loss of ["poisson", "tweedie"] as const) {
  const boosting = gradientBoostingRegressor({ loss, nEstimators: 60, learningRate: 0.2 });
  const fitted = await boosting.fit(XTrain, amounts, { seed: 1 });

  Deno.test(`export: boosting by ${loss} predicts in ONNX Runtime and row by row as natively`, async () => {
    const values = await predictValues(fitted, X);
    assert(Math.max(...values) > 20 * Math.min(...values) && Math.min(...values) > 0);
    const bytes = exported(fitted);
    const { rows } = await checkRegressionParity({ bytes, inputs, values, exponentials: true });
    assertEquals(rows, 600);
    const opened = await openRegression(bytes);
    const predictRow = rowModel((await readRowModel(bytes, state, opened))!);
    await opened.close();
    for (const row of [0, 17, 599]) {
      const [found] = predictRow(state.columns.map(({ name }) => inputs[name][row]!));
      assertAlmostEquals(found, values[row], 1e-5 * values[row]);
    }
  });

  Deno.test(`explain: ${loss} is explained by the logarithm of what it predicts`, async () => {
    const explainer = await openExplainer(exported(fitted), { classes: ["prediction"] });
    assertEquals(explainer.space, "margin");
    const ten = Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [name, values.slice(0, 10)]),
    ) as typeof inputs;
    const values = await predictValues(fitted, X);
    (await explainer.explain(ten)).forEach(({ prediction, classes: { prediction: told } }, row) => {
      assertEquals(prediction, "prediction");
      assertAlmostEquals(told.score, Math.log(values[row]), 1e-5);
      const added = Object.values(told.columns).reduce((sum, value) => sum + value, told.base);
      assertAlmostEquals(added, told.score, 1e-5);
    });
    await explainer.close();
  });
}

const model = await gradientBoostingRegressor({ nEstimators: 5 }).fit(XTrain, target, { seed: 1 });
const bytes = exported(model);
const values = await predictValues(model, X);

Deno.test("checkRegressionParity: refuses what differs, showing the row", async () => {
  const range = Math.max(...values) - Math.min(...values);
  const refused = async (changed: Float64Array, message: string) => {
    const check = checkRegressionParity({ bytes, inputs, values: changed });
    await assertRejects(() => check, ModelError, message);
  };
  await refused(values.with(16, values[16] + 1e-3 * range), "row 17 is ");
  await refused(values.with(3, NaN), "row 4 is NaN natively");
  await refused(values.subarray(1), "it gave 600 rows, the native model 599");
  // A range of 0 leaves the last bit.
  const level = { ...model, trees: constantTrees([2.5], X.columns) };
  const same = { bytes: exported(level), inputs, values: new Float64Array(600).fill(2.5) };
  assertEquals(await checkRegressionParity(same), { rows: 600, largestDifference: 0 });
});

Deno.test("openRegression: tells its inputs, predicts no rows, refuses a classifier", async () => {
  const loaded = await openRegression(bytes, { threads: 2 });
  assertEquals(loaded.inputs.map(({ name }) => name), state.columns.map(({ name }) => name));
  const none = Object.fromEntries(loaded.inputs.map(({ name }) => [name, []]));
  assertEquals(await loaded.predict(none), new Float64Array(0));
  await assertRejects(
    () => loaded.predict({ ...inputs, Job: [3] as never }),
    ModelError,
    'column "Job" has 1 rows',
  );
  await loaded.close();
  await assertRejects(() => openModel(bytes), ModelError, "its outputs are prediction");
  const classifier = await gradientBoosting({ nEstimators: 1 })
    .fit(XTrain, labels, { classes: 3, seed: 1 });
  const file = exportOnnx({ ...parts, classifier, labels: classes });
  await assertRejects(() => openRegression(file), ModelError, "its outputs are label");
});
