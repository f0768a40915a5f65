/** Model files for older runtimes: other operators, the same predictions. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ModelError, Random } from "../../src/base/mod.ts";
import {
  clean,
  featureSet,
  fit,
  number,
  oneHot,
  ordinal,
  transform,
} from "../../src/features/mod.ts";
import {
  calibrated,
  type Classifier,
  gradientBoosting,
  gradientBoostingRegressor,
  kNeighbors,
  kNeighborsRegressor,
  type Learner,
  linearRegression,
  logisticRegression,
  predict,
  predictProba,
  predictValues,
  randomForest,
  randomForestRegressor,
  type RegressionModel,
} from "../../src/learners/mod.ts";
import {
  checkParity,
  checkRegressionParity,
  onnxInputs,
  openExplainer,
  openModel,
  readRowModel,
} from "../../src/onnx_runtime/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import { readEnsemble } from "../../src/onnx_runtime/read_ensemble.ts";
import { readModelPieces } from "../../src/onnx_format/read_model.ts";
import { scores } from "../../src/trees/mod.ts";
import { creditSample } from "./credit_sample.ts";
import { constantTrees, randomBoosting, randomForest as drawnForest } from "./random_trees.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");
const pythonMissing = !await Deno.stat(python).then(() => true, () => false);

const random = new Random(5);
const cells = Array.from({ length: 400 }, (_, i) => ({
  a: i % 9 === 0 ? null : random.uniform(-5, 5),
  b: random.int(40),
  job: ["Lawyer", "Writer", "Doctor", ""][random.int(4)],
  mix: ["Bad", "Standard", "Good"][random.int(3)],
}));
const table = {
  rows: cells.length,
  columns: {
    a: cells.map(({ a }) => a),
    b: cells.map(({ b }) => b),
    job: cells.map(({ job }) => job),
    mix: cells.map(({ mix }) => mix),
  },
};
const set = featureSet({
  target: { column: "y", classes: ["low", "middle", "high"] },
  columns: { a: number(), b: number(), job: oneHot(), mix: ordinal(["Bad", "Standard", "Good"]) },
});
const data = clean(set, table, { target: "none" });
const state = fit(set, data);
const X = transform(state, data);
const inputs = onnxInputs(state, data);
const y = Int32Array.from(cells, ({ b, mix }) => Number(b > 13) + Number(mix === "Good"));
const classes = ["low", "middle", "high"];
const parts = { state, name: "old", producerVersion: "1", operators: "older" } as const;

const classifiers: [string, number, Learner<Classifier>][] = [
  ["a forest", 3, randomForest({ nEstimators: 12 })],
  ["boosting", 3, gradientBoosting({ nEstimators: 10 })],
  ["boosting", 2, gradientBoosting({ nEstimators: 10, numLeaves: 9 })],
  ["a logistic regression", 3, logisticRegression()],
  ["nearest neighbours", 3, kNeighbors({ nNeighbors: 4 })],
  ["calibrated nearest neighbours", 2, calibrated(kNeighbors(), { folds: 3 })],
  [
    "a calibrated forest",
    2,
    calibrated(randomForest({ nEstimators: 9 }), { method: "isotonic", folds: 3 }),
  ],
  ["calibrated boosting", 3, calibrated(gradientBoosting({ nEstimators: 5 }), { folds: 3 })],
];

async function fitted(learner: Learner<Classifier>, count: number) {
  const labels = y.map((label) => Math.min(label, count - 1));
  const classifier = await learner.fit(X, labels, { classes: count, seed: 1 });
  const bytes = exportOnnx({ ...parts, classifier, labels: classes.slice(0, count) });
  return { classifier, bytes };
}

for (const [name, count, learner] of classifiers) {
  Deno.test(`older operators: ${name} of ${count} classes predicts as natively`, async () => {
    const { classifier, bytes } = await fitted(learner, count);
    const labels = await predict(classifier, X);
    const probabilities = await predictProba(classifier, X);
    const parity = await checkParity({ bytes, inputs, labels, probabilities });
    assertEquals(parity.rows, 400);
    if (classifier.kind === "RandomForest") assertEquals(parity.largestDifference, 0);
    if (!("trees" in classifier)) return;
    // What a server evaluates and explains is read from these operators, too.
    const model = await openModel(bytes);
    assert(await readRowModel(bytes, state, model) !== undefined);
    await model.close();
    const explainer = await openExplainer(bytes, { classes: classes.slice(0, count) });
    const row = { a: [1], b: [20], job: ["Writer"], mix: ["Good"] };
    const [{ classes: explained }] = await explainer.explain(row);
    for (const { score, base, features } of Object.values(explained)) {
      const sum = Object.values(features).reduce((a, b) => a + b, base);
      assert(Math.abs(score - sum) < 1e-5, `${score} is not ${sum}`);
    }
    await explainer.close();
  });
}

Deno.test("older operators: regressions predict as natively", async () => {
  const target = Float64Array.from(cells, ({ a, b }) => 1e8 + b + (a ?? 0) ** 2);
  for (
    const regressor of [
      randomForestRegressor({ nEstimators: 20 }),
      gradientBoostingRegressor({ nEstimators: 20 }),
      gradientBoostingRegressor({ nEstimators: 20, loss: "poisson" }),
      linearRegression(),
      kNeighborsRegressor(),
    ]
  ) {
    const model: RegressionModel = await regressor.fit(X, target, { seed: 1 });
    const bytes = exportRegression({ ...parts, model });
    const exponentials = "trees" in model && model.trees.link === "exp";
    const values = await predictValues(model, X);
    await checkRegressionParity({ bytes, inputs, values, exponentials });
  }
});

Deno.test("older operators: trees read back are those that were written", async () => {
  const drawn = new Random(3);
  const options = {
    random: drawn,
    features: state.features.length,
    trees: 20,
    depth: 5,
    thresholds: () => drawn.uniform(-3, 3),
  };
  const written = [
    drawnForest(options, 3, 0.5),
    drawnForest(options, 3, 1),
    randomBoosting(options, 3),
    randomBoosting(options, 1),
    constantTrees([0, 0.25, 0.75], state.features.length),
    constantTrees([0, 0, 0], state.features.length),
  ];
  for (const trees of written) {
    const labels = trees.link === "logistic" ? ["no", "yes"] : classes;
    const bytes = exportOnnx({ ...parts, labels, classifier: { trees } });
    const read = readEnsemble(readModelPieces(bytes))!;
    assertEquals(read.trees.roots, trees.roots);
    // Columns stand in another order in the file.
    const place = new Map(read.facts.features.map(({ name }, at) => [name, at]));
    const moved = { ...X, data: new Float32Array(X.data.length) };
    state.features.forEach((name, j) =>
      moved.data.set(X.data.subarray(j * X.rows, (j + 1) * X.rows), place.get(name)! * X.rows)
    );
    assertEquals(await scores(read.trees, moved), await scores(trees, X));
  }
});

Deno.test("older operators: what they lack is refused before a file is written", async () => {
  const sample = creditSample(60);
  const labels = sample.data.labels!.slice(0, 30);
  const { trees } = await gradientBoosting({ nEstimators: 1 })
    .fit(sample.XTrain, labels, { classes: 3, seed: 1 });
  const error = assertThrows(
    () => exportOnnx({ ...parts, state: sample.state, labels: classes, classifier: { trees } }),
    ModelError,
    "with older operators",
  );
  assert(error.next?.startsWith("export with current operators"));
});

Deno.test({
  name: "older operators: Python's checker, ONNX Runtime and reference agree (needs .venv)",
  ignore: pythonMissing,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const few = Int32Array.from({ length: 30 }, (_, row) => row * 13);
      const columns = Object.entries(onnxInputs(state, data, few))
        .map(([name, values]) => [name, [...values]]);
      const file = (name: string) => join(folder, name);
      await Deno.writeTextFile(file("inputs.json"), JSON.stringify(Object.fromEntries(columns)));
      for (const at of [0, 4]) {
        const [, count, learner] = classifiers[at];
        const { classifier, bytes } = await fitted(learner, count);
        await Deno.writeFile(file("model.onnx"), bytes);
        const script = join(root, "tests/python/predict_onnx.py");
        const { success, stdout, stderr } = await new Deno.Command(python, {
          args: [script, file("model.onnx"), file("inputs.json")],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        const { opsets, ...found } = JSON.parse(new TextDecoder().decode(stdout));
        assertEquals(opsets, { "": 15, "ai.onnx.ml": 2 });
        const native = await predictProba(classifier, X);
        for (const { label: _, ...probabilities } of [found.runtime, found.reference]) {
          Object.values(probabilities as Record<string, number[]>).forEach((shares, k) =>
            shares.forEach((share, i) =>
              assert(Math.abs(share - native[k * X.rows + few[i]]) < 1e-5)
            )
          );
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
