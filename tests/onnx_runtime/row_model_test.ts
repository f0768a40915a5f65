/** Trees read back from a file: the ones that were written, predicting what ONNX Runtime predicts. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ModelError, Random } from "../../src/base/mod.ts";
import { gradientBoosting, logisticRegression, randomForest } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { probeRows, thresholdRows } from "../../src/onnx_runtime/probe_rows.ts";
import { readEnsemble } from "../../src/onnx_runtime/read_ensemble.ts";
import { readModelPieces } from "../../src/onnx_format/read_model.ts";
import { openModel, readRowModel, rowModel } from "../../src/onnx_runtime/mod.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";
import { randomBoosting, randomForest as drawnForest } from "../onnx/random_trees.ts";

const sample = creditSample(300);
const { state } = sample;
const y = sample.data.labels!.slice(0, sample.train.length);
const fitting = { classes: 3, seed: 1 };
const parts = { state, labels: classes, name: "test", producerVersion: "0" };
const forest = await randomForest({ nEstimators: 12 }).fit(sample.XTrain, y, fitting);
const boosting = await gradientBoosting({ nEstimators: 10 }).fit(sample.XTrain, y, fitting);
const binary = await gradientBoosting({ nEstimators: 10 })
  .fit(sample.XTrain, y.map((label) => Number(label === 2)), { classes: 2, seed: 1 });

const cases = [
  { name: "a forest", classifier: forest, labels: classes, difference: 0 },
  // exp differs in the last bits of Float32 (2^-24).
  { name: "boosting of three classes", classifier: boosting, labels: classes, difference: 1e-6 },
  { name: "boosting of two classes", classifier: binary, labels: ["no", "yes"], difference: 1e-6 },
];
for (const { name, classifier, labels, difference } of cases) {
  Deno.test(`row model: ${name} as in ONNX Runtime`, async () => {
    const bytes = exportOnnx({ ...parts, classifier, labels });
    const model = await openModel(bytes);
    // As it goes from one thread to another.
    const read = structuredClone(await readRowModel(bytes, state, model));
    const predict = rowModel(read!);
    const rows = probeRows(state, 2000);
    const columns = Object.fromEntries(
      state.columns.map(({ name }, at) => [name, rows.map((row) => row[at]) as number[]]),
    );
    const { probabilities } = await model.predict(columns);
    await model.close();
    rows.forEach((values, row) =>
      predict(values).forEach((share, k) => {
        const wanted = probabilities.data[k * rows.length + row];
        assert(Math.abs(share - wanted) <= difference, `${values}: ${share}, wanted ${wanted}`);
      })
    );
  });
}

for (const [name, pure] of [["pure", 1], ["nearly pure", 0.9], ["mixed", 0]] as const) {
  Deno.test(`row model: a forest of ${name} leaves has no more trees than were written`, () => {
    const random = new Random(7);
    const thresholds = () => random.next();
    const options = { random, features: state.features.length, trees: 30, depth: 6, thresholds };
    const written = drawnForest(options, classes.length, pure);
    const bytes = exportOnnx({ ...parts, classifier: { trees: written } });
    const { trees } = readEnsemble(readModelPieces(bytes))!;
    // Fewer if one is a leaf or alike to another.
    assert(trees.roots.length <= 30, `${trees.roots.length} trees`);
  });
}

Deno.test("row model: boosted trees come back in their order", () => {
  const options = {
    random: new Random(8),
    features: state.features.length,
    trees: 20,
    depth: 2,
    // So that some trees are alike.
    thresholds: () => 0.5,
  };
  const written = randomBoosting(options, 3);
  const { trees } = readEnsemble(
    readModelPieces(exportOnnx({ ...parts, classifier: { trees: written } })),
  )!;
  assertEquals(trees.roots, written.roots);
  assertEquals(trees.treeOutput, written.treeOutput);
});

Deno.test("row model: probes hold every text that the features know, and missing ones", () => {
  const rows = probeRows(state, 256);
  assertEquals(rows, probeRows(state, 256));
  state.columns.forEach((column, at) => {
    const seen = new Set(rows.map((row) => row[at]));
    const known = column.kind === "oneHot" ? column.categories : [];
    for (const text of known) assert(seen.has(text), `no ${text}`);
    if (column.kind === "number") assert(seen.has(NaN) && seen.has(column.median));
  });
});

Deno.test("row model: probes hold numbers exactly at thresholds, of many some of each", () => {
  const splits = Array.from({ length: 1000 }, (_, i) => ({ column: "Age", threshold: i + 0.5 }));
  const rows = thresholdRows(state, 100, [...splits, { column: "Job", threshold: 0.5 }]);
  assertEquals(rows.map(([age]) => age), Array.from({ length: 100 }, (_, i) => 10 * i + 0.5));
  assertEquals(thresholdRows(state, 100, splits.slice(0, 3)).map(([age]) => age), [0.5, 1.5, 2.5]);
  assertEquals(thresholdRows(state, 100, []), []);
});

Deno.test("row model: none of a linear model; features that are not the file's are found out", async () => {
  const linear = await logisticRegression().fit(sample.XTrain, y, fitting);
  const file = exportOnnx({ ...parts, classifier: linear });
  const model = await openModel(file);
  assertEquals(await readRowModel(file, state, model), undefined);
  await model.close();

  const bytes = exportOnnx({ ...parts, classifier: forest });
  const trees = await openModel(bytes);
  const [age, ...others] = state.columns;
  if (age.kind !== "number") throw new TypeError(`${age.name} is no number`);
  const moved = { ...state, columns: [{ ...age, median: age.median + 20, upper: 30 }, ...others] };
  await assertRejects(
    () => readRowModel(bytes, moved, trees),
    ModelError,
    "The model's trees predict otherwise than ONNX Runtime: row",
  );
  const renamed = { ...state, features: state.features.map((name) => `${name}!`) };
  await assertRejects(() => readRowModel(bytes, renamed, trees), ModelError, 'have no "Age"');
  await trees.close();
});
