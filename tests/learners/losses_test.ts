/** Boosting of numbers by Huber and pinball loss beside LightGBM. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  type BoostingRegressorParams,
  gradientBoostingRegressor,
  predictValues,
} from "../../src/learners/mod.ts";
import { matrixOf, readFixture, type Rows } from "./fixture.ts";

const fixture = await readFixture<{
  X: Rows;
  y: number[];
  weight: number[];
  cases: { loss: "huber" | "quantile"; alpha: number; weighted: boolean; predicted: number[] }[];
}>("losses.json");
const X = matrixOf(fixture.X);
const y = Float64Array.from(fixture.y);
const sampleWeight = Float32Array.from(fixture.weight);
const settings = { growth: "leafwise", numLeaves: 8, learningRate: 0.1, nEstimators: 5 } as const;

/** Mean loss of predictions. */
function lossOf(predicted: ArrayLike<number>, { loss, alpha }: BoostingRegressorParams): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const error = predicted[i] - y[i];
    const size = Math.abs(error);
    sum += loss === "quantile"
      ? (error >= 0 ? 1 - alpha! : alpha!) * size
      : size <= alpha!
      ? error ** 2 / 2
      : alpha! * (size - alpha! / 2);
  }
  return sum / y.length;
}

for (const { loss, alpha, weighted, predicted } of fixture.cases) {
  const told = `${loss} ${alpha}${weighted ? ", weighted" : ""}`;
  Deno.test(`losses: boosting predicts as LightGBM, ${told}`, async () => {
    const options = { seed: 1, ...weighted && { sampleWeight } };
    const learner = gradientBoostingRegressor({ ...settings, loss, alpha });
    const model = await learner.fit(X, y, options);
    const found = await predictValues(model, X);
    const [own, theirs] = [lossOf(found, { loss, alpha }), lossOf(predicted, { loss, alpha })];
    // With weights LightGBM bins the rows otherwise, and other trees follow.
    assertAlmostEquals(own, theirs, 0.005 * theirs);
    // Without, the trees are the same to the last split; scores here are Float32.
    if (!weighted) found.forEach((v, i) => assertAlmostEquals(v, predicted[i], 2e-5));
    if (loss === "quantile") {
      const below = found.filter((value, i) => y[i] <= value).length / y.length;
      assertAlmostEquals(below, alpha, 0.05);
    }
    await using pool = new WorkerPool(2);
    assertEquals(await learner.fit(X, y, { ...options, pool }), model);
  });
}

Deno.test("losses: the curve is the loss that is minimised, in the target's units", async () => {
  for (
    const [loss, alpha, metric] of [["huber", 3, "huber"], ["quantile", 0.9, "pinball"]] as const
  ) {
    const { curve, ...model } = await gradientBoostingRegressor({ ...settings, loss, alpha })
      .fit(X, y, { seed: 1, validation: { X, y } });
    assertEquals(curve!.metric, metric);
    const last = lossOf(await predictValues(model, X), { loss, alpha });
    assertAlmostEquals(curve!.validation.at(-1)!, last, 1e-5 * last);
    assertAlmostEquals(curve!.train.at(-1)!, last, 1e-5 * last);
    assert(curve!.train[0] > last);
  }
});

Deno.test("losses: predictions move with the target, whatever its unit", async () => {
  const scaled = y.map((value) => 1024 * value + 4096);
  for (const [loss, alpha, times] of [["huber", 3, 1024], ["quantile", 0.9, 1]] as const) {
    const fitted = async (target: Float64Array, alpha: number) =>
      await predictValues(
        await gradientBoostingRegressor({ ...settings, loss, alpha }).fit(X, target, { seed: 1 }),
        X,
      );
    const [plain, moved] = [await fitted(y, alpha), await fitted(scaled, alpha * times)];
    moved.forEach((value, i) => assertAlmostEquals((value - 4096) / 1024, plain[i], 1e-3));
  }
});

Deno.test("losses: what there is not is refused", () => {
  const refused: [BoostingRegressorParams, string][] = [
    [{ loss: "median" as never }, "Cannot set loss"],
    [{ loss: "quantile", alpha: 1 }, "Cannot set alpha"],
    [{ loss: "quantile", alpha: 0 }, "Cannot set alpha"],
    [{ loss: "huber", alpha: -1 }, "Cannot set alpha"],
  ];
  for (const [params, message] of refused) {
    assertThrows(() => gradientBoostingRegressor(params), UsageError, message);
  }
});
