import { assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../../src/base/mod.ts";
import { gradientBoosting } from "../../src/learners/mod.ts";
import { checkParity, onnxInputs } from "../../src/onnx_runtime/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { mostProbable, predictTreeProba, type TreeEnsemble } from "../../src/trees/mod.ts";
import { classes, creditSample } from "./credit_sample.ts";
import { constantTrees } from "./random_trees.ts";

const sample = creditSample(200);
const { state, data, X } = sample;

function exported(trees: TreeEnsemble): Uint8Array {
  const parts = { state, labels: classes, name: "test", producerVersion: "0" };
  return exportOnnx({ ...parts, classifier: { trees } });
}

Deno.test("checkParity: refuses what differs, showing the worst row", async () => {
  const y = data.labels!.slice(0, sample.train.length);
  const { trees } = await gradientBoosting({ nEstimators: 5 })
    .fit(sample.XTrain, y, { classes: 3, seed: 1 });
  const probabilities = await predictTreeProba(trees, X);
  const labels = mostProbable(probabilities, X.rows);
  const check = { bytes: exported(trees), inputs: onnxInputs(state, data), labels, probabilities };
  await checkParity(check);
  const refused = (change: Partial<typeof check>, message: string) =>
    assertRejects(() => checkParity({ ...check, ...change }), ModelError, message);

  const shifted = probabilities.slice();
  shifted[2 * X.rows + 16] += 2e-5;
  shifted[2 * X.rows + 17] += 4e-5;
  await refused({ probabilities: shifted }, "row 18 differs");
  shifted[5] = NaN;
  await refused({ probabilities: shifted }, "row 6 differs by Infinity");

  const relabelled = labels.slice();
  relabelled[7] = (labels[7] + 1) % 3;
  const [own, other] = [classes[relabelled[7]], classes[labels[7]]];
  await refused({ labels: relabelled }, `row 8 is "${own}" natively and "${other}" in ONNX`);
  await refused({ labels: labels.slice(1) }, "it gave 200 rows of 3 classes, the native model 199");
});

Deno.test("checkParity: a label may differ only where rounding decided", async () => {
  const row = { inputs: onnxInputs(state, data, Int32Array.of(0)), labels: Int32Array.of(1) };
  const bytes = exported(constantTrees([0.375, 0.375, 0.25], state.features.length));
  const rounded = Float32Array.of(0.375, 0.375 + 2 ** -25, 0.25);
  assertEquals((await checkParity({ ...row, bytes, probabilities: rounded })).rows, 1);
  const equal = Float32Array.of(0.375, 0.375, 0.25);
  await assertRejects(
    () => checkParity({ ...row, bytes, probabilities: equal }),
    ModelError,
    'row 1 is "Standard" natively and "Poor" in ONNX',
  );
});
