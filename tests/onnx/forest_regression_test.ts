/** A regression forest in ONNX Runtime against our own prediction. */

import { assert } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { predictValues, randomForestRegressor } from "../../src/learners/mod.ts";
import { exportRegression, onnxInputs } from "../../src/onnx/mod.ts";
import { creditSample } from "./credit_sample.ts";

Deno.test("export: a regression forest predicts what it predicts natively", async () => {
  const { state, data, X, XTrain, train } = creditSample(600);
  const labels = data.labels!.slice(0, train.length);
  // Far from 0 and with some targets far out: what Float32 sums bear the least.
  const target = Float64Array.from(
    labels,
    (label, i) => 50_000 + 1000 * label + XTrain.data[i] ** 2 * (i % 50 === 0 ? 100 : 1),
  );
  const model = await randomForestRegressor({ nEstimators: 60 }).fit(XTrain, target, { seed: 1 });
  const wanted = await predictValues(model, X);
  const session = await InferenceSession.create(
    exportRegression({ state, model, name: "test", producerVersion: "1.2.3" }),
  );
  const feeds = Object.fromEntries(
    Object.entries(onnxInputs(state, data)).map(([name, cells]) => [
      name,
      cells instanceof Float32Array
        ? new Tensor("float32", cells, [X.rows])
        : new Tensor("string", cells as string[], [X.rows]),
    ]),
  );
  const { prediction } = await session.run(feeds);
  const found = prediction.data as Float32Array;
  await session.release();
  // 60 Float32 additions in another order, of leaves around the mean of the targets.
  wanted.forEach((value, i) =>
    assert(Math.abs(found[i] - value) <= 1e-5 * Math.abs(value), `${found[i]}, ${value}`)
  );
});
