/** Boosting of numbers by other losses than the square, beside LightGBM. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  type BoostingRegressorParams,
  gradientBoostingRegressor,
  loadRegression,
  predictValues,
  saveModel,
} from "../../src/learners/mod.ts";
import { tweedieDeviance } from "../../src/metrics/mod.ts";
import { matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { scores } from "../../src/trees/mod.ts";
import { matrixOf, readFixture, type Rows } from "./fixture.ts";

const fixture = await readFixture<{
  X: Rows;
  y: number[];
  weight: number[];
  cases: { loss: "huber" | "quantile"; alpha: number; weighted: boolean; predicted: number[] }[];
  targets: Record<"poisson" | "tweedie", number[]>;
  skewed: {
    loss: "poisson" | "tweedie";
    setting: { poisson_max_delta_step?: number; tweedie_variance_power?: number };
    weighted: boolean;
    penalties: { regAlpha: number; regLambda: number };
    predicted: number[];
    raw: number[];
  }[];
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
    [{ loss: "poisson", poissonMaxDeltaStep: 0 }, "Cannot set poissonMaxDeltaStep"],
    [{ loss: "tweedie", tweedieVariancePower: 2 }, "Cannot set tweedieVariancePower"],
    [{ loss: "tweedie", tweedieVariancePower: 1 }, "Cannot set tweedieVariancePower"],
  ];
  for (const [params, message] of refused) {
    assertThrows(() => gradientBoostingRegressor(params), UsageError, message);
  }
});

const counted = fixture.targets;
const rounds = { ...settings, nEstimators: 10, minDataInLeaf: 1 } as const;

for (const { loss, setting, weighted, penalties, predicted, raw } of fixture.skewed) {
  const told = `${loss} ${JSON.stringify(setting)}${weighted ? ", weighted" : ""}`;
  const target = Float64Array.from(counted[loss]);
  const power = loss === "poisson" ? 1 : setting.tweedie_variance_power ?? 1.5;
  const params: BoostingRegressorParams = {
    ...{ ...rounds, loss, ...penalties },
    ...setting.poisson_max_delta_step && { poissonMaxDeltaStep: setting.poisson_max_delta_step },
    ...setting.tweedie_variance_power && { tweedieVariancePower: power },
  };

  Deno.test(`losses: boosting predicts counts and amounts as LightGBM, ${told}`, async () => {
    const options = { seed: 1, ...weighted && { sampleWeight } };
    const learner = gradientBoostingRegressor(params);
    const model = await learner.fit(X, target, options);
    const found = await predictValues(model, X);
    const deviance = (values: ArrayLike<number>) =>
      tweedieDeviance(target, values, power, options.sampleWeight);
    // The same of both as for the other losses: bins of weighted rows differ.
    assertAlmostEquals(deviance(found), deviance(predicted), 0.005 * deviance(predicted));
    if (!weighted) {
      // A score is a Float32 sum of ten steps of at most 1: its exponential is off by 1e-5 at most.
      found.forEach((v, i) => assertAlmostEquals(v, predicted[i], 1e-5 * predicted[i]));
      const scored = await scores(model.trees, takeRows(X, [0, 1, 2, 3, 4]));
      scored.forEach((score, i) => assertAlmostEquals(score, raw[i], 1e-5));
    }
    await using pool = new WorkerPool(2);
    assertEquals(await learner.fit(X, target, { ...options, pool }), model);
    assertEquals(await predictValues(loadRegression(saveModel(model)), X), found);
  });

  Deno.test(`losses: predictions and curve move with the unit of the target, ${told}`, async () => {
    const fitted = (times: number) =>
      // Penalties have the unit of the slopes.
      gradientBoostingRegressor({ ...params, regAlpha: 0, regLambda: 0, minChildWeight: 0 })
        .fit(X, target.map((value) => times * value), {
          seed: 1,
          validation: { X, y: target.map((value) => times * value) },
        });
    const [plain, large] = [await fitted(1), await fitted(1024)];
    const [one, other] = [await predictValues(plain, X), await predictValues(large, X)];
    other.forEach((value, i) => assertAlmostEquals(value / 1024, one[i], 1e-5 * one[i]));
    for (const [model, times] of [[plain, 1], [large, 1024]] as const) {
      const deviance = tweedieDeviance(
        target.map((value) => times * value),
        await predictValues(model, X),
        power,
      );
      assertEquals(model.curve!.metric, `${loss}_deviance`);
      assertAlmostEquals(model.curve!.validation.at(-1)!, deviance, 1e-5 * deviance);
    }
  });
}

Deno.test("losses: a leaf far above the mean is reached in steps that stay finite", async () => {
  const rows = Float64Array.from({ length: 200 }, (_, i) => i);
  const far = matrixFromRows([...rows].map((i) => [i]));
  const target = rows.map((i) => i < 199 ? 0.001 : 1e6);
  for (const loss of ["poisson", "tweedie"] as const) {
    const learner = gradientBoostingRegressor({
      ...{ loss, learningRate: 1, nEstimators: 40, regLambda: 0, minChildWeight: 0 },
    });
    const found = await predictValues(await learner.fit(far, target, { seed: 1 }), far);
    assert(found.every((value) => Number.isFinite(value) && value > 0));
    assertAlmostEquals(found[199], 1e6, 1e3);
  }
});

Deno.test("losses: targets that are no counts or amounts are refused", async () => {
  for (const loss of ["poisson", "tweedie"] as const) {
    const fit = (target: Float64Array, sampleWeight?: Float32Array) =>
      gradientBoostingRegressor({ loss }).fit(X, target, { seed: 1, sampleWeight });
    const refused = async (target: Float64Array, message: string, weights?: Float32Array) => {
      const { next } = await assertRejects(() => fit(target, weights), DataError, message);
      assert(next?.includes("squared"));
    };
    const counts = Float64Array.from(counted.poisson);
    await refused(counts.with(7, -1), `row 7 has target -1, and ${loss} is of counts or amounts`);
    await refused(counts.fill(0), "all targets that count are 0");
    await refused(counts.with(3, 5), "all targets that count are 0", sampleWeight.with(3, 0));
  }
});
