/** Explanations from the file alone against those of the native model. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { ModelError, WorkerPool } from "../../src/base/mod.ts";
import { linearShap, treeShap } from "../../src/explain/mod.ts";
import {
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  randomForest,
} from "../../src/learners/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import {
  onnxInputs,
  openExplainer,
  openModel,
  openRegression,
} from "../../src/onnx_runtime/mod.ts";
import { scores, type TreeEnsemble } from "../../src/trees/mod.ts";
import { loadedModules } from "../loaded_modules.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";

const sample = creditSample(300);
const { state, data, X } = sample;
const y = data.labels!.slice(0, sample.train.length);
const fitting = { classes: 3, seed: 1 };
const parts = { state, labels: classes, name: "test", producerVersion: "0" };
const inputs = onnxInputs(state, data);

/**
 * The file keeps shares of training rows as Float32, the native model their
 * weights: a share is off by up to 2⁻²⁴, a value by some dozens of these.
 */
const rounding = 2e-6;

const forest = await randomForest({ nEstimators: 12 }).fit(sample.XTrain, y, fitting);
const boosting = await gradientBoosting({ nEstimators: 10 }).fit(sample.XTrain, y, fitting);
const binary = await gradientBoosting({ nEstimators: 10 })
  .fit(sample.XTrain, y.map((label) => Number(label === 2)), { classes: 2, seed: 1 });

const cases: [string, TreeEnsemble, readonly string[], "probability" | "margin"][] = [
  ["a forest", forest.trees, classes, "probability"],
  ["boosting of three classes", boosting.trees, classes, "margin"],
  ["boosting of two classes", binary.trees, ["no", "yes"], "margin"],
];
for (const [name, trees, labels, space] of cases) {
  Deno.test(`explainer: ${name} as natively, adding up to the scores, by feature and column`, async () => {
    const bytes = exportOnnx({ ...parts, labels, classifier: { trees } });
    const explainer = await openExplainer(bytes, { classes: labels });
    const explained = await explainer.explain(inputs);
    await explainer.close();
    const shap = await treeShap(trees, X);
    const wanted = await scores(trees, X);
    const model = await openModel(bytes);
    const predicted = await model.predict(inputs);
    await model.close();
    assertEquals(explainer.space, space);
    assertEquals(explained.map(({ prediction }) => prediction), [...predicted.labels]);
    explained.forEach(({ classes }, row) => {
      labels.forEach((label, code) => {
        const sign = labels.length === 2 && code === 0 ? -1 : 1;
        const k = labels.length === 2 ? 0 : code;
        const { score, base, features, columns } = classes[label];
        assertAlmostEquals(score, sign * wanted[k * X.rows + row], 1e-6);
        assertAlmostEquals(base, sign * shap.base[k], rounding);
        state.features.forEach((feature, j) => {
          const native = shap.values[(k * shap.features + j) * X.rows + row];
          assertAlmostEquals(features[feature], sign * native, rounding);
        });
        const sum = (values: Record<string, number>) =>
          Object.values(values).reduce((total, value) => total + value, base);
        assertAlmostEquals(sum(features), score, 1e-4);
        assertAlmostEquals(sum(columns), score, 1e-4);
        assertEquals(Object.keys(columns).sort(), state.columns.map(({ name }) => name).sort());
        const jobs = state.features.filter((feature) => feature.startsWith("Job_"));
        assertEquals(jobs.length, 3);
        assertAlmostEquals(columns.Job, jobs.reduce((s, job) => s + features[job], 0), 1e-12);
      });
    });
    assert(explained.some(({ classes }) => Math.abs(classes[labels[1]].columns.Debt) > 0.01));
  });
}

Deno.test("explainer: the same in a worker; one row, no rows, a signal that gives up", async () => {
  const bytes = exportOnnx({ ...parts, classifier: { trees: forest.trees } });
  await using pool = new WorkerPool(1);
  const here = await openExplainer(bytes, { classes });
  const there = await openExplainer(bytes, { classes, pool });
  const row = onnxInputs(state, data, Int32Array.of(7));
  assertEquals(await there.explain(row), await here.explain(row));
  assertEquals((await here.explain(row))[0], (await here.explain(inputs))[7]);
  assertEquals(await here.explain(onnxInputs(state, data, new Int32Array(0))), []);
  const given = there.explain(inputs, AbortSignal.abort(new Error("gone")));
  await assertRejects(() => given, Error, "gone");
  await assertRejects(() => here.explain({ Age: [1] }), ModelError, 'column "Debt" is missing');
  await Promise.all([here.close(), there.close()]);
});

const several = await logisticRegression().fit(sample.XTrain, y, fitting);
const two = await logisticRegression()
  .fit(sample.XTrain, y.map((label) => Number(label === 2)), { classes: 2, seed: 1 });
for (const [linear, labels] of [[several, classes], [two, ["no", "yes"]]] as const) {
  Deno.test(`explainer: a logistic regression of ${labels.length} classes adds up to its margins`, async () => {
    const bytes = exportOnnx({ ...parts, labels, classifier: linear });
    const explainer = await openExplainer(bytes, { classes: labels });
    const explained = await explainer.explain(inputs);
    await explainer.close();
    const model = await openModel(bytes);
    const { labels: predicted, probabilities } = await model.predict(inputs);
    await model.close();
    assertEquals(explainer.space, "margin");
    assertEquals(explained.map(({ prediction }) => prediction), [...predicted]);
    const native = linearShap(linear, X);
    explained.forEach(({ classes }, row) => {
      const margins = labels.map((label) => classes[label].score);
      // Of two classes the margin is that of the second alone; its opposite is kept beside it.
      const powers = margins.map((margin) => Math.exp(labels.length === 2 ? margin / 2 : margin));
      const total = powers.reduce((sum, power) => sum + power, 0);
      labels.forEach((label, code) => {
        const { score, base, features, columns } = classes[label];
        assertAlmostEquals(probabilities.data[code * X.rows + row], powers[code] / total, 1e-6);
        const sign = labels.length === 2 && code === 0 ? -1 : 1;
        const k = labels.length === 2 ? 0 : code;
        assertEquals(base, sign * linear.intercepts[k]);
        state.features.forEach((feature, j) => {
          const value = sign * native.values[(k * native.features + j) * X.rows + row];
          assertAlmostEquals(features[feature], value, 1e-6 * Math.max(1, Math.abs(value)));
        });
        const sum = Object.values(columns).reduce((part, value) => part + value, base);
        assertAlmostEquals(sum, score, 1e-5 * Math.max(1, Math.abs(score)));
      });
    });
  });
}

Deno.test("explainer: a linear regression adds up to its numbers", async () => {
  const target = Float64Array.from(y, (label, i) => 1e6 + label * 10 + i % 7);
  const model = await linearRegression().fit(sample.XTrain, target, { seed: 1 });
  const bytes = exportRegression({ state, model, name: "test", producerVersion: "0" });
  const explainer = await openExplainer(bytes, { classes: ["prediction"] });
  const explained = await explainer.explain(inputs);
  await explainer.close();
  const opened = await openRegression(bytes);
  const numbers = await opened.predict(inputs);
  await opened.close();
  explained.forEach(({ prediction, classes }, row) => {
    const { score, base, columns } = classes[prediction];
    assertAlmostEquals(score, numbers[row], 1e-6);
    const sum = Object.values(columns).reduce((part, value) => part + value, base);
    assertAlmostEquals(sum, score, 1e-4); // values are Float32
  });
});

Deno.test("explainer: calibrated models are refused, and damaged files", async () => {
  const steady = await calibrated(randomForest({ nEstimators: 4 }), { method: "sigmoid", folds: 2 })
    .fit(sample.XTrain, y, fitting);
  await assertRejects(
    () => openExplainer(exportOnnx({ ...parts, classifier: steady }), { classes }),
    ModelError,
    "Cannot explain the model: its file does not describe its scores",
  );
  const bytes = exportOnnx({ ...parts, classifier: { trees: forest.trees } });
  const open = (onnx: Uint8Array, named = classes) => openExplainer(onnx, { classes: named });
  await assertRejects(() => open(bytes, ["a", "b"]), ModelError, "it tells 3 classes apart");
  await assertRejects(() => open(new Uint8Array(9)), ModelError, "Cannot read the model file");
  for (const length of [10, 1000, bytes.length - 1]) {
    await assertRejects(() => open(bytes.subarray(0, length)), ModelError, "Cannot");
  }
});

Deno.test("runtime: needs neither Polars nor learners", async () => {
  const loaded = await loadedModules("src/onnx_runtime/mod.ts");
  assert(loaded.size > 10);
  assertEquals(
    [...loaded].filter((url) => /polars|src\/(learners|samplers|onnx)\//.test(url)),
    [],
  );
});
