/** Calibration against scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { calibratedProba, fitCalibrators } from "../../src/learners/calibration/calibrate.ts";
import { fitIsotonic, interpolate } from "../../src/metrics/mod.ts";
import {
  calibrateClassifier,
  calibrated,
  decisionScores,
  loadModel,
  logisticRegression,
  predictProba,
  randomForest,
  saveModel,
} from "../../src/learners/mod.ts";
import { type Matrix, matrixFromRows } from "../../src/dataset/mod.ts";
import { readFixture } from "./fixture.ts";

interface Fixture {
  cases: {
    name: string;
    classes: number;
    scores: number[][];
    y: number[];
    weight: number[] | null;
    asked: number[][];
    sigmoid: number[][];
    isotonic: number[][];
  }[];
  isotonic: { x: number[]; y: number[]; weight: number[]; places: number[]; values: number[] };
}

const { calibration } = await readFixture<{ calibration: Fixture }>("linear.json");

for (const { name, scores, y, weight, asked, ...expected } of calibration.cases) {
  for (const method of ["sigmoid", "isotonic"] as const) {
    Deno.test(`calibration: scikit-learn's probabilities, ${method}, ${name}`, () => {
      const values = matrixFromRows(scores).data;
      const sampleWeight = weight ? Float32Array.from(weight) : undefined;
      const calibrators = fitCalibrators(method, values, Int32Array.from(y), sampleWeight);
      const proba = calibratedProba(calibrators, matrixFromRows(asked).data);
      expected[method].forEach((row, i) =>
        row.forEach((value, k) => {
          // Probabilities are Float32; scikit-learn ends its descent at a gradient of 1e-6.
          assertAlmostEquals(proba[k * asked.length + i], value, 1e-6);
        })
      );
    });
  }
}

Deno.test("isotonic: scikit-learn's points, with ties and weights of 0", () => {
  const { x, y, weight, places, values } = calibration.isotonic;
  const line = fitIsotonic(x, y, weight);
  assertEquals(line.scores, places);
  values.forEach((value, i) => assertAlmostEquals(line.probabilities[i], value, 1e-12));
});

Deno.test("isotonic: one score only is one level", () => {
  const line = fitIsotonic([2, 2, 2], [0, 1, 1]);
  assertEquals(line.scores, [2]);
  assertEquals(new Set(interpolate(line, Float32Array.of(-1, 2, 9))).size, 1);
});

/** Two overlapping classes in two columns. */
function overlapping(rows: number, seed: number): { X: Matrix; y: Int32Array } {
  const random = new Random(seed);
  const y = Int32Array.from({ length: rows }, () => random.int(2));
  const X = matrixFromRows(Array.from(y, (label) => [random.normal(label), random.normal()]));
  return { X, y };
}

for (const method of ["sigmoid", "isotonic"] as const) {
  Deno.test(`calibration: a forest's log loss on unseen rows falls, ${method}`, async () => {
    const [train, held, test] = [1, 2, 3].map((seed) => overlapping(600, seed));
    const options = { classes: 2, seed: 5 };
    const learner = randomForest({ nEstimators: 30 });
    const forest = await learner.fit(train.X, train.y, options);
    const loss = (proba: Float32Array) =>
      test.y.reduce((sum, label, i) => sum - Math.log(Math.max(proba[label * 600 + i], 1e-6)), 0);
    const before = loss(await predictProba(forest, test.X));
    const model = await calibrateClassifier(forest, held.X, held.y, { method });
    assertEquals(loadModel(saveModel(model)), model);
    // Fully grown trees are far too sure of themselves on data like this.
    assert(loss(await predictProba(model, test.X)) < 0.9 * before);
    const whole = await calibrated(learner, { method, folds: 3 }).fit(train.X, train.y, options);
    assert(loss(await predictProba(whole, test.X)) < 0.9 * before);
  });
}

Deno.test("calibration: what cannot be is refused", async () => {
  assertThrows(() => calibrated(randomForest(), { folds: 1 }), UsageError, "folds");
  const method = "temperature" as "sigmoid";
  assertThrows(() => calibrated(randomForest(), { method }), UsageError, '"temperature"');
  const { X, y } = overlapping(20, 1);
  const learner = calibrated(randomForest({ nEstimators: 2 }), { folds: 10 });
  const few = y.map((_, i) => Number(i < 3));
  await assertRejects(
    () => learner.fit(X, few, { classes: 2, seed: 0 }),
    DataError,
    "class 1 has only 3 rows",
  );
});

Deno.test("calibration: scores of several classes are the log odds of each", async () => {
  const random = new Random(8);
  const y = Int32Array.from({ length: 90 }, (_, i) => i % 3);
  const X = matrixFromRows(Array.from(y, (label) => [random.normal(label), random.normal()]));
  const model = await logisticRegression({ C: 0.01 }).fit(X, y, { classes: 3, seed: 0 });
  const proba = await predictProba(model, X);
  (await decisionScores(model, X)).forEach((odds, at) =>
    // Probabilities are Float32 and none is near 0 or 1.
    assertAlmostEquals(odds, Math.log(proba[at] / (1 - proba[at])), 1e-5)
  );
  const sure = { ...model, intercepts: Float64Array.of(90, 0, 0) };
  // 1e-9 of all is as little as can be left for the others.
  const [first] = await decisionScores(sure, matrixFromRows([[0, 0]]));
  assertAlmostEquals(first, Math.log(1e9), 1e-5);
});
