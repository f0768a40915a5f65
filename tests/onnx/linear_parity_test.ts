/** Linear models, calibrated classifiers and regressions in ONNX Runtime against ours. */

import { assert, assertThrows } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError, Random } from "../../src/base/mod.ts";
import { interpolate } from "../../src/metrics/mod.ts";
import {
  calibrated,
  type Classifier,
  gradientBoosting,
  type Learner,
  linearRegression,
  logisticRegression,
  predict,
  predictProba,
  randomForest,
} from "../../src/learners/mod.ts";
import { convertCalibrators } from "../../src/onnx/converters/calibration.ts";
import { OnnxGraph } from "../../src/onnx_format/graph.ts";
import { checkParity, onnxInputs } from "../../src/onnx_runtime/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import { encodeModel } from "../../src/onnx_format/model_proto.ts";
import { classes, creditSample } from "./credit_sample.ts";

const sample = creditSample(600);
const { state, data, X, XTrain } = sample;
const yTrain = data.labels!.slice(0, sample.train.length);
const parts = { state, name: "test", producerVersion: "1.2.3" };

const boosting = gradientBoosting({ nEstimators: 8, maxDepth: 3 });
const forest = randomForest({ nEstimators: 8 });
const learners: [string, Learner<Classifier>][] = [
  ["logistic regression", logisticRegression()],
  ["logistic regression, sigmoid", calibrated(logisticRegression())],
  ["logistic regression, isotonic", calibrated(logisticRegression(), { method: "isotonic" })],
  ["boosting, sigmoid", calibrated(boosting)],
  ["boosting, isotonic", calibrated(boosting, { method: "isotonic" })],
  ["forest, sigmoid", calibrated(forest)],
  ["forest, isotonic", calibrated(forest, { method: "isotonic" })],
];
for (const [name, learner] of learners) {
  for (const labels of [classes, ["bad", "good"]]) {
    Deno.test(`export: predicts what it predicts natively, ${name}, ${labels.length} classes`, async () => {
      const y = yTrain.map((label) => Math.min(label, labels.length - 1));
      const classifier = await learner.fit(XTrain, y, { classes: labels.length, seed: 1 });
      const bytes = exportOnnx({ ...parts, classifier, labels });
      const { largestDifference } = await checkParity({
        bytes,
        inputs: onnxInputs(state, data),
        labels: await predict(classifier, X),
        probabilities: await predictProba(classifier, X),
      });
      // Scores are the same to the bit; of a curve or a line over them Float32 is left.
      assert(largestDifference < 1e-6, `${largestDifference}`);
    });
  }
}

/** Runs a graph over one column of Float32 scores. */
async function run(bytes: Uint8Array, feeds: Record<string, Tensor>, output: string) {
  const session = await InferenceSession.create(bytes);
  const results = await session.run(feeds);
  const values = results[output].data as Float32Array;
  await session.release();
  return values;
}

Deno.test("calibration in the graph: a rising line, at its points, between and beyond them", async () => {
  const random = new Random(3);
  for (const points of [1, 2, 3, 200]) {
    const scores = Array.from(new Set(Array.from({ length: points }, () => random.normal())))
      .map(Math.fround).sort((a, b) => a - b);
    const probabilities = scores.map(() => random.next()).sort((a, b) => a - b);
    // Two neighbouring numbers, between which the line is as steep as can be.
    if (points > 2) scores[2] = Math.fround(scores[1] + 2 ** -24 * Math.abs(scores[1]) * 1.5);
    const asked = Float32Array.of(
      ...[-9, 9, ...scores],
      ...scores.map((place) => Math.fround(place + random.normal(0, 0.05))),
    );
    const graph = new OnnxGraph();
    const line = { method: "isotonic", scores, probabilities } as const;
    const output = convertCalibrators(graph, [line], "score");
    const bytes = encodeModel({
      name: "line",
      producer: { name: "test", version: "0" },
      metadata: {},
      nodes: graph.nodes,
      constants: graph.constants,
      inputs: [{ name: "score", type: "float", dims: ["N", 1] }],
      outputs: [{ name: output, type: "float", dims: ["N", 2] }],
    });
    const feeds = { score: new Tensor("float32", asked, [asked.length, 1]) };
    const found = await run(bytes, feeds, output);
    interpolate(line, asked).forEach((value, i) =>
      // A share and a rise in Float32.
      assert(Math.abs(found[2 * i + 1] - value) < 1e-6, `${points}: ${asked[i]}`)
    );
  }
});

Deno.test("export: a linear model of other features is refused", async () => {
  const line = await linearRegression().fit(XTrain, new Float32Array(XTrain.rows), { seed: 0 });
  const model = { ...line, centre: line.centre.subarray(1) };
  assertThrows(() => exportRegression({ ...parts, model }), ModelError, "the model reads");
});
