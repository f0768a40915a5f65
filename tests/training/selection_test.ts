/** How a candidate is chosen, and what repeats and folds within folds are. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random, UsageError } from "../../src/base/mod.ts";
import { classes, clean, featureSet, number } from "../../src/features/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import {
  type Candidate,
  type CandidateScores,
  dealFolds,
  heldOut,
  selectBest,
} from "../../src/training/mod.ts";
import { dealWithin } from "../../src/splits/deal.ts";
import { pimaTable } from "./tables.ts";

function scored(name: string, nEstimators: number, values: number[]): CandidateScores {
  const candidate: Candidate = { name, learner: { kind: "randomForest", params: { nEstimators } } };
  const folds = values.map((value) => ({
    ...{ metrics: { mae: value, roc_auc: value }, predictions: new Float32Array(0) },
    ...{ sampled_rows: 1, params: {} },
  }));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { candidate, params: {}, folds, mean: { mae: mean, roc_auc: mean } };
}

Deno.test("selection: the simplest within one standard error of the best, either way up", () => {
  // Standard error of the best: deviation 0.02 through the root of 4 folds, 0.0115.
  const scores = [
    scored("best", 500, [0.88, 0.92, 0.9, 0.9].map((v) => v + 0)),
    scored("near", 100, [0.892, 0.892, 0.892, 0.892]),
    scored("simpler", 50, [0.891, 0.893, 0.892, 0.8921]),
    scored("too far", 10, [0.85, 0.9, 0.88, 0.88]),
  ];
  assertEquals(selectBest(scores, "roc_auc").candidate.name, "best");
  assertEquals(selectBest(scores, "roc_auc", "oneStandardError").candidate.name, "simpler");
  const errors = scores.map(({ candidate, folds }) =>
    scored(
      candidate.name,
      (candidate.learner.params as { nEstimators: number }).nEstimators,
      folds.map(({ metrics }) => 1 - metrics.roc_auc),
    )
  );
  assertEquals(selectBest(errors, "mae", "oneStandardError").candidate.name, "simpler");
});

const set = featureSet({
  target: classes("Outcome", ["0", "1"]),
  columns: { Glucose: number(), BMI: number() },
  ignore: ["Pregnancies", "BloodPressure", "SkinThickness", "Insulin", "DiabetesPedigreeFunction"]
    .concat("Age"),
});

async function rows() {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, pimaTable(120));
    return clean(set, await readTable(path), { target: "required" });
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("splits: repeats deal all rows anew, held-out predictions are their mean", async () => {
  const data = await rows();
  const options = { folds: 4, seed: 3 };
  const once = dealFolds(set, data, { kind: "stratified" }, options).random;
  const { random } = dealFolds(set, data, { kind: "stratified", repeats: 3 }, options);
  assertEquals(random.length, 12);
  assertEquals(random.slice(0, 4), once);
  for (let repeat = 0; repeat < 3; repeat++) {
    const tests = random.slice(4 * repeat, 4 * repeat + 4).flatMap(({ test }) => [...test]);
    assertEquals(tests.sort((a, b) => a - b), [...Array(120).keys()]);
  }
  assert(JSON.stringify([...random[0].test]) !== JSON.stringify([...random[4].test]));
  const chance = new Random(1);
  const sums = new Float64Array(120);
  const scores = random.map(({ test }) => {
    const predictions = Float64Array.from(test, () => chance.next());
    test.forEach((row, i) => sums[row] += predictions[i]);
    return { metrics: {}, predictions, sampled_rows: 1, params: {} };
  });
  const held = heldOut({ folds: scores }, random);
  assertEquals([...held.rows], [...Array(120).keys()]);
  held.predictions.forEach((value, row) => assertAlmostEquals(value, sums[row] / 3, 1e-12));
  for (const repeats of [0, 1.5, 101]) {
    assertThrows(
      () => dealFolds(set, data, { kind: "stratified", repeats }, options),
      UsageError,
      `Cannot repeat a cross-validation ${repeats} times`,
    );
  }
});

Deno.test("splits: folds within a fold hold its training rows, each once, and no other", async () => {
  const data = await rows();
  const [{ train }] = dealFolds(set, data, { kind: "stratified" }, { folds: 4, seed: 3 }).random;
  const inner = dealWithin(set, data, { kind: "stratified" }, train, { folds: 3, seed: 5 });
  assertEquals(
    inner.flatMap(({ test }) => [...test]).sort((a, b) => a - b),
    [...train].sort((a, b) => a - b),
  );
  for (const fold of inner) {
    assertEquals(
      [...fold.train, ...fold.test].sort((a, b) => a - b),
      [...train].sort((a, b) => a - b),
    );
    const share = (part: Int32Array) =>
      part.reduce((sum, row) => sum + data.labels![row], 0) / part.length;
    assertAlmostEquals(share(fold.test), share(train), 0.05);
  }
});
