/** What can be set on gradient boosting beside the shape of its trees. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Random, UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  type BoostingParams,
  gradientBoosting,
  gradientBoostingRegressor,
  loadModel,
  loadRegression,
  predict,
  predictProba,
  predictValues,
  saveModel,
} from "../../src/learners/mod.ts";
import { type Matrix, matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { validateEnsemble } from "../../src/trees/mod.ts";

/** Rows of four columns, one with gaps, and a score that rises with the first and falls with the second. */
function noisyRows(rows: number, seed: number): { X: Matrix; y: Int32Array; target: Float64Array } {
  const random = new Random(seed);
  const target = new Float64Array(rows);
  const X = matrixFromRows(Array.from({ length: rows }, (_, i) => {
    const row = [random.normal(), random.normal(), Math.round(random.normal() * 3), random.int(4)];
    target[i] = Math.tanh(2 * row[0]) - row[1] + 0.5 * row[2] * Number(row[3] === 1) +
      random.normal(0, 0.7);
    if (random.next() < 0.1) row[2] = NaN;
    return row;
  }));
  return { X, y: Int32Array.from(target, (value) => Number(value > 0.5)), target };
}

const { X, y, target } = noisyRows(1500, 3);
const options = { classes: 2, seed: 1 };

for (const growth of ["depthwise", "leafwise"] as const) {
  const monotone = [1, -1, 0, 0];
  // Enough rounds that a model without constraints follows the noise.
  const params: BoostingParams = { growth, monotone, nEstimators: 60, learningRate: 0.3 };

  Deno.test(`boosting: predictions are monotone in every row (${growth})`, async () => {
    const classifier = await gradientBoosting(params).fit(X, y, options);
    const regressor = await gradientBoostingRegressor(params).fit(X, target, options);
    const free = await gradientBoosting({ ...params, monotone: null }).fit(X, y, options);
    let broken = 0;
    for (const [column, direction] of monotone.entries()) {
      if (direction === 0) continue;
      let before: { proba: Float32Array; values: Float64Array; free: Float32Array } | undefined;
      for (let value = -3; value <= 3; value += 0.1) {
        const moved = takeRows(X, [...Array(300).keys()]);
        moved.data.fill(value, column * moved.rows, (column + 1) * moved.rows);
        const positive = async (model: typeof free) =>
          (await predictProba(model, moved)).slice(moved.rows);
        const now = {
          proba: await positive(classifier),
          values: await predictValues(regressor, moved),
          free: await positive(free),
        };
        for (let i = 0; before && i < moved.rows; i++) {
          assert(direction * (now.proba[i] - before.proba[i]) >= 0, `row ${i} at ${value}`);
          assert(direction * (now.values[i] - before.values[i]) >= 0, `row ${i} at ${value}`);
          if (direction * (now.free[i] - before.free[i]) < 0) broken++;
        }
        before = now;
      }
    }
    assert(broken > 0, "the constraint was not needed");
  });

  Deno.test(`boosting: a large fit is the same on any number of workers (${growth})`, async () => {
    const large = noisyRows(40_000, 5);
    const learner = gradientBoosting({ growth, nEstimators: 4, subsample: 0.7, colsample: 0.8 });
    const alone = await learner.fit(large.X, large.y, options);
    validateEnsemble(alone.trees);
    for (const size of [2, 3]) {
      await using pool = new WorkerPool(size);
      assertEquals(await learner.fit(large.X, large.y, { ...options, pool }), alone);
      // The workers are free again.
      assertEquals(await learner.fit(large.X, large.y, { ...options, pool }), alone);
    }
  });
}

Deno.test("boosting: trees of several classes are the same on any number of workers", async () => {
  const few = noisyRows(3000, 5);
  const y = few.y.map((label, i) => few.X.data[i] > 1 ? 2 : label);
  const three = { ...options, classes: 3 };
  for (const params of [{}, { numLeaves: 12 }]) {
    const learner = gradientBoosting({
      ...{ nEstimators: 6, subsample: 0.7, colsample: 0.8 },
      ...params,
    });
    const alone = await learner.fit(few.X, y, three);
    validateEnsemble(alone.trees);
    assertEquals(alone.trees.roots.length, 18);
    for (const size of [2, 4]) {
      await using pool = new WorkerPool(size);
      for (let again = 0; again < 2; again++) {
        assertEquals(await learner.fit(few.X, y, { ...three, pool }), alone, `${size} workers`);
      }
    }
    // Helpers that are ended take trees with them.
    const pool = new WorkerPool(2);
    let rounds = 0;
    const onProgress = () => ++rounds === 4 && pool.close();
    await learner.fit(few.X, y, { ...three, pool });
    assertEquals(await learner.fit(few.X, y, { ...three, pool, onProgress }), alone);
  }
});

Deno.test("boosting: a signal stops a fit on several workers", async () => {
  const large = noisyRows(40_000, 5);
  await using pool = new WorkerPool(2);
  const controller = new AbortController();
  await assertRejects(
    () =>
      gradientBoosting({ nEstimators: 500 }).fit(large.X, large.y, {
        ...options,
        pool,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});

Deno.test("boosting: a fit ends though its pool is closed meanwhile", async () => {
  const large = noisyRows(40_000, 5);
  const learner = gradientBoosting({ nEstimators: 5 });
  const alone = await learner.fit(large.X, large.y, options);
  const pool = new WorkerPool(2);
  const fit = learner.fit(large.X, large.y, { ...options, pool, onProgress: () => pool.close() });
  assertEquals(await fit, alone);
});

Deno.test("boosting: drawn rows and columns depend on the seed and still learn", async () => {
  const learner = gradientBoosting({ nEstimators: 40, subsample: 0.5, colsample: 0.5 });
  const model = await learner.fit(X, y, options);
  assertEquals(model, await learner.fit(X, y, options));
  const other = await learner.fit(X, y, { ...options, seed: 2 });
  assert(model.trees.threshold.some((value, n) => value !== other.trees.threshold[n]));
  const test = noisyRows(1500, 4);
  const labels = await predict(model, test.X);
  const right = labels.filter((label, i) => label === test.y[i]).length / test.y.length;
  assert(right > 0.75, `${right} right`);
});

Deno.test("boosting: leaves hold at least minDataInLeaf rows where all count alike", async () => {
  const model = await gradientBoostingRegressor({ minDataInLeaf: 50, nEstimators: 3 })
    .fit(X, target, options);
  assert(model.trees.cover.every((rows) => rows >= 50));
  assert(model.trees.roots.length < model.trees.feature.length);
});

Deno.test("boosting: leaf-wise trees have at most numLeaves leaves and grow the best first", async () => {
  const few = await gradientBoosting({ numLeaves: 5, nEstimators: 1 }).fit(X, y, options);
  const more = await gradientBoosting({ numLeaves: 6, nEstimators: 1 }).fit(X, y, options);
  assertEquals(few.trees.leaves.length, 5);
  assertEquals(more.trees.leaves.length, 6);
  // One more leaf divides one of the five: four stay as they are.
  assertEquals(few.trees.leaves.filter((value) => more.trees.leaves.includes(value)).length, 4);
});

Deno.test("boosting: isUnbalance weighs the rarer class up to the other", async () => {
  const rows = [...y.keys()].filter((i) => y[i] === 0 || i % 4 === 0);
  const rare = takeRows(X, rows);
  const labels = Int32Array.from(rows, (i) => y[i]);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const scalePosWeight = (labels.length - positives) / positives;
  const params = { nEstimators: 5 };
  const unbalanced = await gradientBoosting({ ...params, isUnbalance: true })
    .fit(rare, labels, options);
  const scaled = await gradientBoosting({ ...params, scalePosWeight }).fit(rare, labels, options);
  assert(scalePosWeight > 3);
  assertEquals(unbalanced.trees, scaled.trees);
});

Deno.test("boosting: gamma is the least that a split has to save, as XGBoost counts it", async () => {
  // Two rows on either side: (2 × 1)² / 2 for each side of -1 and 1, and as much for two classes.
  const X = matrixFromRows([[0], [0], [1], [1]]);
  for (const growth of ["depthwise", "leafwise"] as const) {
    for (const [gamma, nodes] of [[3.9, 3], [4.1, 1]]) {
      const params: BoostingParams = {
        ...{ growth, gamma, nEstimators: 1, regLambda: 0, minChildWeight: 0, minDataInLeaf: 1 },
      };
      const numbers = await gradientBoostingRegressor(params)
        .fit(X, Float64Array.of(-1, -1, 1, 1), options);
      const labels = await gradientBoosting(params).fit(X, Int32Array.of(0, 0, 1, 1), options);
      const found = [numbers, labels].map(({ trees }) => trees.feature.length);
      assertEquals(found, [nodes, nodes], `${growth} ${gamma}`);
    }
  }
});

Deno.test("boosting: class weights equal row weights", async () => {
  const sampleWeight = Float32Array.from(y, (label) => label === 1 ? 3 : 0.5);
  const weighted = await gradientBoosting({ nEstimators: 5, classWeight: [0.5, 3] })
    .fit(X, y, options);
  const expected = await gradientBoosting({ nEstimators: 5 })
    .fit(X, y, { ...options, sampleWeight });
  assertEquals(weighted.trees, expected.trees);
});

Deno.test("boosting: early stopping keeps the best rounds of a regression, and the curve", async () => {
  const test = noisyRows(800, 9);
  const params = { nEstimators: 300, learningRate: 0.3 };
  const validation = { X: test.X, y: test.target };
  const stopped = await gradientBoostingRegressor({ ...params, earlyStoppingRounds: 10 })
    .fit(X, target, { ...options, validation });
  const { metric, bestIteration, validation: errors, train } = stopped.curve!;
  assertEquals(metric, "rmse");
  assertEquals(errors.length, bestIteration + 11);
  assertEquals(bestIteration, errors.indexOf(Math.min(...errors)));
  assertEquals(stopped.trees.roots.length, bestIteration + 1);
  assert(train.at(-1)! < train[0]);
  const values = await predictValues(stopped, test.X);
  const squares = values.reduce((sum, value, i) => sum + (value - test.target[i]) ** 2, 0);
  // The curve adds Float32 leaf values as a prediction does.
  assertAlmostEquals(Math.sqrt(squares / values.length), errors[bestIteration], 1e-6);
  const watched = await gradientBoostingRegressor({ ...params, nEstimators: 30 })
    .fit(X, target, { ...options, validation });
  assertEquals(watched.trees.roots.length, 30);
  assertEquals(watched.curve!.validation.slice(0, errors.length), errors.slice(0, 30));
  assertEquals(loadRegression(saveModel(stopped)), stopped);
});

Deno.test("boosting: the curve of a classifier survives saving", async () => {
  const model = await gradientBoosting({ nEstimators: 3 })
    .fit(X, y, { ...options, validation: { X, y } });
  // The training rows watched as validation rows give one curve twice.
  model.curve!.train.forEach((value, round) =>
    assertAlmostEquals(value, model.curve!.validation[round], 1e-6)
  );
  assertEquals(loadModel(saveModel(model)), model);
});

Deno.test("boosting: what does not go together is refused by name", async () => {
  const usage = (params: Parameters<typeof gradientBoosting>[0], message: string) =>
    assertThrows(() => gradientBoosting(params), UsageError, message);
  usage({ growth: "depthwise", numLeaves: 31 }, "numLeaves");
  usage({ numLeaves: 1 }, "numLeaves");
  usage({ growth: "level" as "leafwise" }, "growth");
  usage({ maxDepth: null }, "maxDepth");
  usage({ subsample: 0 }, "subsample");
  usage({ colsample: 1.1 }, "colsample");
  usage({ monotone: [2] }, "monotone");
  usage({ earlyStoppingRounds: 0 }, "earlyStoppingRounds");
  usage({ scalePosWeight: 0 }, "scalePosWeight");
  usage({ scalePosWeight: 2, isUnbalance: true }, "in several ways");
  const refused = (params: BoostingParams, changed: object, message: string) =>
    assertRejects(
      () => gradientBoosting(params).fit(X, y, { ...options, ...changed }),
      Error,
      message,
    );
  await refused({ monotone: [1] }, {}, "1 monotone constraints on 4 columns");
  await refused({ monotone: [1, 0, 0, 0] }, { classes: 3 }, "monotone for 3 classes");
  await refused({ earlyStoppingRounds: 5 }, {}, "there are no validation rows");
  await refused({}, { validation: { X: takeRows(X, [0]), y } }, "the validation set has 1 rows");
  const watch = (more: object) => ({ validation: { X, y, ...more } });
  const weights = new Float32Array(X.rows);
  await refused({}, watch({ sampleWeight: weights }), "Cannot validate: all weights are 0");
  await refused({}, watch({ sampleWeight: weights.with(2, NaN) }), "row 2 has label");
  await refused({}, watch({ y: y.with(3, 7) }), "row 3 has label 7");
  await assertRejects(
    () =>
      gradientBoostingRegressor({ earlyStoppingRounds: 2 }).fit(X, Float64Array.from(y), {
        seed: 1,
        validation: { X, y: Float64Array.from(y).with(4, NaN) },
      }),
    Error,
    "row 4 has target NaN",
  );
});
