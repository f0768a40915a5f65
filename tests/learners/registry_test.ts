/** Learners made from plain data. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  calibrated,
  gradientBoosting,
  gradientBoostingRegressor,
  learnerKinds,
  learnerOf,
  type LearnerSpec,
  logisticRegression,
  randomForest,
  randomForestRegressor,
  regressorKinds,
  regressorOf,
  type RegressorSpec,
  type TreeClassifier,
} from "../../src/learners/mod.ts";
import { drawHeldOut } from "../../src/learners/held_out.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";

const rows = Array.from({ length: 120 }, (_, i) => [(i * 37) % 101, (i * 53) % 97]);
const X = matrixFromRows(rows);
const y = Int32Array.from(rows, ([a, b]) => Number(a + b > 100));
const numbers = Float64Array.from(rows, ([a, b]) => a - b / 3);

Deno.test("learnerOf: makes what the factories make, with every option of theirs", async () => {
  const monotone = [1, 0];
  const pairs: [LearnerSpec, { params: unknown }][] = [
    [{ kind: "randomForest" }, randomForest()],
    [
      { kind: "randomForest", params: { maxFeatures: "all" }, classWeight: [1, 2] },
      randomForest({ maxFeatures: "all", classWeight: [1, 2] }),
    ],
    [{ kind: "logisticRegression", params: { C: 3 } }, logisticRegression({ C: 3 })],
    [
      { kind: "gradientBoosting", params: { numLeaves: 9, regAlpha: 1 }, monotone },
      gradientBoosting({ numLeaves: 9, regAlpha: 1, monotone }),
    ],
    [
      { kind: "logisticRegression", calibration: { method: "isotonic", folds: 3 } },
      calibrated(logisticRegression(), { method: "isotonic", folds: 3 }),
    ],
  ];
  for (const [spec, made] of pairs) {
    const learner = learnerOf(JSON.parse(JSON.stringify(spec)));
    assertEquals<unknown>(learner.params, made.params);
    assert(learnerKinds.includes(spec.kind));
  }
  const spec = { kind: "gradientBoosting", params: { nEstimators: 5 } } as const;
  const options = { classes: 2, seed: 3 };
  assertEquals(
    await learnerOf(spec).fit(X, y, options),
    await gradientBoosting(spec.params).fit(X, y, options),
  );
});

Deno.test("regressorOf: makes what the factories make", async () => {
  const pairs: [RegressorSpec, { params: unknown }][] = [
    [{ kind: "randomForest", params: { maxDepth: 3 } }, randomForestRegressor({ maxDepth: 3 })],
    [
      { kind: "gradientBoosting", monotone: [0, -1] },
      gradientBoostingRegressor({ monotone: [0, -1] }),
    ],
  ];
  for (const [spec, made] of pairs) {
    assertEquals<unknown>(regressorOf(JSON.parse(JSON.stringify(spec))).params, made.params);
    assert(regressorKinds.includes(spec.kind));
  }
  const model = await regressorOf({ kind: "linearRegression" }).fit(X, numbers, { seed: 1 });
  assertEquals(model.kind, "LinearRegression");
  if (model.kind === "LinearRegression") assertAlmostEquals(model.coefficients[1], -1 / 3, 1e-9);
});

Deno.test("learnerOf: early stopping holds rows out and stops by them, alone and calibrated", async () => {
  const spec: LearnerSpec = {
    kind: "gradientBoosting",
    params: { nEstimators: 400, learningRate: 1 },
    earlyStopping: { rounds: 3, share: 0.25 },
  };
  const noise = y.map((label, i) => i % 7 === 0 ? 1 - label : label);
  const options = { classes: 2, seed: 5 };
  const { params } = learnerOf(spec);
  assertEquals([params.earlyStoppingRounds, params.earlyStoppingShare], [3, 0.25]);
  const model = await learnerOf(spec).fit(X, noise, options) as TreeClassifier;
  assert(model.curve!.train.length < 50, `${model.curve!.train.length} rounds`);
  assertEquals(model.trees.roots.length, model.curve!.bestIteration + 1);
  // 30 of 120 rows are held out, so the root's cover is what 90 rows have: 90 × 0.25 or less.
  assert(model.trees.cover[0] <= 90 * 0.25 && model.trees.cover[0] > 80 * 0.25);
  // Rows given are the ones that stop it.
  const given = { ...options, validation: { X, y: noise } };
  const watched = await learnerOf(spec).fit(X, noise, given) as TreeClassifier;
  assert(watched.trees.cover[0] > 115 * 0.25);
  const both = await learnerOf({ ...spec, calibration: { folds: 2 } }).fit(X, noise, options);
  assertEquals(both.kind, "Calibrated");
  const regression = await regressorOf({
    kind: "gradientBoosting",
    params: { nEstimators: 400, learningRate: 1 },
    earlyStopping: { rounds: 3 },
  }).fit(X, numbers.map((value, i) => value + 20 * ((i * 31) % 11)), { seed: 1 });
  assert(regression.kind === "GradientBoosting" && regression.curve!.train.length < 400);
});

Deno.test("drawHeldOut: shares of each class, whole groups, something on either side", () => {
  const labels = Int32Array.from({ length: 100 }, (_, i) => Number(i >= 90));
  const held = drawHeldOut(100, { share: 0.2, seed: 1, labels });
  const count = (from: number, to: number) => held.subarray(from, to).reduce((a, b) => a + b, 0);
  assertEquals([count(0, 90), count(90, 100)], [18, 2]);
  const groups = Int32Array.from({ length: 100 }, (_, i) => Math.floor(i / 8));
  const byGroup = drawHeldOut(100, { share: 0.3, seed: 1, labels, groups });
  for (let i = 0; i < 100; i++) {
    assertEquals(byGroup[i], byGroup[groups.indexOf(groups[i])], `row ${i} leaves its group`);
  }
  assertEquals(new Set(groups.filter((_, i) => byGroup[i] === 1)).size, 4);
  // Two rows of a class: one on each side, whatever the share.
  for (const share of [0.01, 0.9]) {
    const pair = drawHeldOut(2, { share, seed: 0, labels: Int32Array.of(1, 1) });
    assertEquals([...pair].sort(), [0, 1]);
  }
});

Deno.test("calibrated: keeps groups whole where it holds rows out", async () => {
  const learner = calibrated({
    name: "Watched",
    params: {},
    fit(rows, labels, options) {
      if (options.groups && rows.rows < X.rows) {
        const kept = new Set(options.groups);
        for (const group of kept) {
          const of = (all: Int32Array) => all.filter((other) => other === group).length;
          assertEquals(of(options.groups), of(groups), `group ${group} was cut`);
        }
      }
      return logisticRegression().fit(rows, labels, options);
    },
  }, { folds: 3 });
  const groups = Int32Array.from(y, (_, i) => Math.floor(i / 4));
  await learner.fit(X, y, { classes: 2, seed: 0, groups });
});

Deno.test("learnerOf, regressorOf: what does not exist is refused with the name that was meant", () => {
  // From JSON: no type keeps these away.
  const made = (spec: unknown) => () => learnerOf(spec as LearnerSpec);
  const next = (of: () => unknown, message: string, wanted: string) =>
    assertEquals(assertThrows(of, UsageError, message).next?.includes(wanted), true, wanted);
  next(made({ kind: "gradientBosting" }), 'kind of learner "gradientBosting"', "gradientBoosting");
  next(made({ kind: "GradientBoosting" }), "GradientBoosting", '"gradientBoosting"');
  next(made({}), "kind of learner", "randomForest");
  next(made(null), "Cannot set up a learner with null", "object");
  next(made("randomForest"), "Cannot set up a learner with", "object");
  const forest = (more: object) => made({ kind: "randomForest", ...more });
  next(forest({ monotone: [1] }), "monotone of the learner randomForest", "give one of");
  next(forest({ param: { maxDepth: 1 } }), "param of the learner", '"params"');
  next(forest({ params: { max_depth: 3 } }), "max_depth of RandomForest", '"maxDepth"');
  next(forest({ params: 3 }), "randomForest with 3", "object");
  next(forest({ params: { classWeight: "balanced" } }), "classWeight", "beside params");
  next(forest({ calibration: { folds: 3, metod: "x" } }), "metod", '"method"');
  const boosting = (more: object) => made({ kind: "gradientBoosting", ...more });
  next(boosting({ params: { earlyStoppingRounds: 3 } }), "earlyStoppingRounds", "earlyStopping");
  next(boosting({ earlyStopping: { round: 3 } }), "round of earlyStopping", '"rounds"');
  next(boosting({ earlyStopping: { rounds: 3, share: 1 } }), "share", "0.9");
  next(boosting({ earlyStopping: {} }), "rounds", "whole number");
  const number = (spec: unknown) => () => regressorOf(spec as RegressorSpec);
  next(number({ kind: "logisticRegression" }), "kind of regressor", '"linearRegression"');
  next(number({ kind: "linearRegression", calibration: {} }), "calibration", "params");
});

Deno.test("learners: unknown parameters are refused wherever they enter", () => {
  const unknown = { max_depth: 3 } as never;
  for (const make of [gradientBoosting, gradientBoostingRegressor, randomForest]) {
    const { next } = assertThrows(() => make(unknown), UsageError, "Cannot set max_depth of");
    assertEquals(next?.startsWith('did you mean "maxDepth"?'), true);
  }
  assertThrows(() => randomForestRegressor({ minSampleLeaf: 3 } as never), UsageError, "minSample");
  assertThrows(() => logisticRegression({ c: 3 } as never), UsageError, "Cannot set c of");
  assertThrows(() => gradientBoosting({ numleaves: 7 } as never), UsageError, "numleaves");
  assertThrows(() => gradientBoosting([3] as never), UsageError, "with [3]");
  assertThrows(() => calibrated(logisticRegression(), { cv: 3 } as never), UsageError, "cv");
  // What is not given stays the default.
  assertEquals(randomForest({ maxDepth: undefined }).params.maxDepth, null);
});
