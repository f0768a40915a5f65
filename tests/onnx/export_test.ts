/** Whole models: learned trees with their features, in one file, read by every reader we promise. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import onnxProto from "onnx-proto";
import { ModelError, Random, sha256 } from "../../src/base/mod.ts";
import { clean, featureSet, fit, number, oneHot } from "../../src/features/mod.ts";
import {
  calibrated,
  type Classifier,
  gradientBoosting,
  type Learner,
  logisticRegression,
  predictProba as probabilitiesOf,
  randomForest,
  type TreeClassifier,
} from "../../src/learners/mod.ts";
import {
  checkParity,
  type ModelColumns,
  onnxInputs,
  openModel,
} from "../../src/onnx_runtime/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { takeRows } from "../../src/dataset/mod.ts";
import { mostProbable, predictTreeProba } from "../../src/trees/mod.ts";
import { classes, creditSample } from "./credit_sample.ts";
import { constantTrees, randomForest as forestOf } from "./random_trees.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");
const pythonMissing = !await Deno.stat(python).then(() => true, () => false);

const sample = creditSample(600);
const { state, data, X } = sample;
const yTrain = data.labels!.slice(0, sample.train.length);
const parts = { state, labels: classes, name: "test", producerVersion: "1.2.3" };
/** Debt is the second column that the features make. */
const rising = Array.from({ length: X.columns }, (_, j) => j === 1 ? 1 : 0);

const two = ["no", "yes"];
const learners: [string, readonly string[], Learner<TreeClassifier>][] = [
  ["a forest", classes, randomForest({ nEstimators: 12 })],
  ["a shallow forest", classes, randomForest({ nEstimators: 8, maxDepth: 4 })],
  ["boosting", classes, gradientBoosting({ nEstimators: 10 })],
  ["leaf-wise boosting", classes, gradientBoosting({ nEstimators: 10, numLeaves: 15 })],
  ["leaf-wise boosting", two, gradientBoosting({ nEstimators: 10, numLeaves: 15 })],
  ["monotone boosting", two, gradientBoosting({ nEstimators: 10, monotone: rising })],
  [
    "leaf-wise monotone boosting",
    two,
    gradientBoosting({ nEstimators: 10, growth: "leafwise", monotone: rising }),
  ],
];
for (const [name, labels, learner] of learners) {
  Deno.test(`export: ${name}, ${labels.length} classes, predicts in ONNX Runtime what it predicts natively`, async () => {
    const y = yTrain.map((label) => Math.min(label, labels.length - 1));
    const classifier = await learner.fit(sample.XTrain, y, { classes: labels.length, seed: 1 });
    const bytes = exportOnnx({ ...parts, labels, classifier });
    const probabilities = await predictTreeProba(classifier.trees, X);
    const predicted = mostProbable(probabilities, X.rows);
    const inputs = onnxInputs(state, data);
    const parity = await checkParity({ bytes, inputs, labels: predicted, probabilities });
    assertEquals(parity.rows, 600);
    // Forests: leaf values are exact in Float32. Boosting: exp differs in its last bits.
    const bound = learner.name === "RandomForest" ? 0 : 1e-6;
    assert(parity.largestDifference <= bound, `${parity.largestDifference}`);
  });
}

Deno.test("export: two classes by one logistic output", async () => {
  const y = yTrain.map((label) => label === 2 ? 1 : 0);
  const classifier = await gradientBoosting({ nEstimators: 10 })
    .fit(sample.XTrain, y, { classes: 2, seed: 1 });
  assertEquals(classifier.trees.outputs, 1);
  const bytes = exportOnnx({ ...parts, labels: ["no", "yes"], classifier });
  const probabilities = await predictTreeProba(classifier.trees, X);
  const labels = mostProbable(probabilities, X.rows);
  await checkParity({ bytes, inputs: onnxInputs(state, data), labels, probabilities });
});

Deno.test("export: of equally probable classes the first is the label", async () => {
  const tied = constantTrees([0.25, 0.375, 0.375], state.features.length);
  const model = await openModel(exportOnnx({ ...parts, classifier: { trees: tied } }));
  const { labels, probabilities } = await model.predict(
    onnxInputs(state, data, Int32Array.of(0, 1)),
  );
  assertEquals(labels, ["Standard", "Standard"]);
  assertEquals([...probabilities.data], [0.25, 0.25, 0.375, 0.375, 0.375, 0.375]);
  await model.close();
});

Deno.test("export: the same model gives the same bytes, as onnx.proto describes them", () => {
  const random = new Random(1);
  // Deep enough for node numbers of three bytes.
  const trees = forestOf(
    { random, features: X.columns, trees: 4, depth: 14, thresholds: () => random.next() },
    3,
    0.9,
  );
  const metadata = { b: "2", a: "1" };
  const bytes = exportOnnx({ ...parts, metadata, classifier: { trees } });
  const again = exportOnnx({ ...parts, metadata: { a: "1", b: "2" }, classifier: { trees } });
  assertEquals(sha256(bytes), sha256(again));
  const model = onnxProto.onnx.ModelProto.decode(bytes);
  assertEquals([model.producerName, model.producerVersion], ["dinoflow", "1.2.3"]);
  const facts = model.metadataProps.map(({ key, value }) => `${key}=${value}`);
  assertEquals(facts.slice(0, 2), ["a=1", "b=2"]);
  assert(facts[2].startsWith('trees={"matrix":'), facts[2]);
  const node = model.graph!.node!.find(({ opType }) => opType === "TreeEnsemble")!;
  const ints = (name: string) =>
    node.attribute!.find((attribute) => attribute.name === name)!.ints!.map(Number);
  const inner = ["true", "false"].flatMap((side) => {
    const isLeaf = ints(`nodes_${side}leafs`);
    return ints(`nodes_${side}nodeids`).filter((_, node) => isLeaf[node] === 0);
  });
  // Every inner node is a root or the child of exactly one other.
  const all = Array.from({ length: ints("nodes_featureids").length }, (_, node) => node);
  assert(all.length > 2 ** 14);
  assertEquals([...inner, ...ints("tree_roots")].sort((a, b) => a - b), all);
});

Deno.test("export: parts that do not fit are refused", () => {
  const trees = constantTrees([0.5, 0.25, 0.25], state.features.length);
  const refused = (change: Partial<Parameters<typeof exportOnnx>[0]>, message: string) =>
    assertThrows(
      () => exportOnnx({ ...parts, classifier: { trees }, ...change }),
      ModelError,
      message,
    );
  refused({ labels: ["a", "b"] }, "3 classes apart, 2 labels");
  refused({ classifier: { trees: constantTrees([0.5, 0.25, 0.25], 2) } }, "reads 2 features");
  refused({ classifier: { trees: { ...trees, left: Int32Array.of(9) } } }, "leaf 0");
  const renamed = state.columns.map((column, i) => i === 0 ? { ...column, name: "label" } : column);
  refused({ state: { ...state, columns: renamed } }, 'column "label"');
});

interface PythonResult {
  inputs: Record<string, [string, unknown[]]>;
  outputs: Record<string, [string, unknown[]]>;
  metadata: Record<string, string>;
  runtime: Record<string, (string | number)[]>;
  reference: Record<string, (string | number)[]>;
}

/** What Python's ONNX Runtime and ONNX's reference implementation make of a file. */
async function inPython(bytes: Uint8Array, columns: ModelColumns): Promise<PythonResult> {
  const folder = await Deno.makeTempDir();
  try {
    const [model, inputs] = [join(folder, "model.onnx"), join(folder, "inputs.json")];
    await Deno.writeFile(model, bytes);
    const plain = Object.entries(columns).map(([name, cells]) => [name, [...cells]]);
    // JSON has no NaN: null becomes NaN again in NumPy.
    await Deno.writeTextFile(inputs, JSON.stringify(Object.fromEntries(plain)));
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [join(root, "tests/python/predict_onnx.py"), model, inputs],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "export: Python's checker, ONNX Runtime and reference agree with ours (needs .venv)",
  ignore: pythonMissing,
  async fn() {
    const rows = Int32Array.from({ length: 60 }, (_, row) => row * 10);
    const inputs = onnxInputs(state, sample.data, rows);
    const exported: Learner<Classifier>[] = [
      learners[1][2],
      learners[2][2],
      logisticRegression(),
      calibrated(learners[2][2], { method: "isotonic" }),
    ];
    for (const learner of exported) {
      const classifier = await learner.fit(sample.XTrain, yTrain, { classes: 3, seed: 1 });
      const bytes = exportOnnx({ ...parts, metadata: { note: "x" }, classifier });
      const result = await inPython(bytes, inputs);
      assertEquals(result.inputs, {
        Age: ["tensor(float)", ["N"]],
        Debt: ["tensor(float)", ["N"]],
        History: ["tensor(string)", ["N"]],
        Mix: ["tensor(string)", ["N"]],
        Job: ["tensor(string)", ["N"]],
        Loans: ["tensor(string)", ["N"]],
      });
      assertEquals(result.outputs, {
        label: ["tensor(string)", ["N"]],
        probability_Poor: ["tensor(float)", ["N"]],
        probability_Standard: ["tensor(float)", ["N"]],
        probability_Good: ["tensor(float)", ["N"]],
      });
      assertEquals(result.metadata.note, "x");
      const native = await probabilitiesOf(classifier, takeRows(X, rows));
      const labels = [...mostProbable(native, rows.length)].map((label) => classes[label]);
      for (const { label, ...probabilities } of [result.runtime, result.reference]) {
        assertEquals(label, labels);
        const values = Object.values(probabilities).flat() as number[];
        // Sums of 30 Float32 values in another order, and another exp.
        values.forEach((value, at) => assert(Math.abs(value - native[at]) < 1e-5));
      }
    }
  },
});

Deno.test({
  name: "export: a model of one column takes [N, 1], here and in Python (needs .venv)",
  ignore: pythonMissing,
  async fn() {
    for (const [spec, cells] of [[oneHot(), ["a", "b", null]], [number(), [1, 2, null]]] as const) {
      const set = featureSet({
        target: { column: "y", classes: ["n", "p"] },
        columns: { x: spec },
      });
      const cleaned = clean(set, { rows: 3, columns: { x: cells } }, { target: "none" });
      const single = fit(set, cleaned);
      const trees = constantTrees([0.25, 0.75], single.features.length);
      const bytes = exportOnnx({
        ...parts,
        state: single,
        labels: ["n", "p"],
        classifier: { trees },
      });
      const result = await inPython(bytes, onnxInputs(single, cleaned));
      assertEquals(result.inputs.x[1], ["N", 1]);
      assertEquals(result.runtime.label, ["p", "p", "p"]);
      const model = await openModel(bytes);
      const { labels } = await model.predict({ x: cells });
      assertEquals(labels, ["p", "p", "p"]);
      await model.close();
    }
  },
});
