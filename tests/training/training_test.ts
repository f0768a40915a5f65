/** The parts of a training that whole runs do not pin down. */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import type { CleanData, NumberColumn, TextColumn } from "../../src/features/mod.ts";
import {
  type CandidateScores,
  dealFolds,
  grid,
  ofClass,
  outOfFold,
  packageVersions,
  selectBest,
  unseenRows,
} from "../../src/training/mod.ts";
import { explainLeak } from "../../src/training/leak_check.ts";
import { trainingTime } from "../../src/training/messages.ts";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";

function sharedInt32(values: number[]): Int32Array<SharedArrayBuffer> {
  const array = new Int32Array(new SharedArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}

function sharedFloat32(values: number[]): Float32Array<SharedArrayBuffer> {
  const array = new Float32Array(new SharedArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}

const all = grid({
  sampler: ["none", "randomOverSampler", "smote", "adasyn", "borderlineSmote"],
  learner: [{ kind: "randomForest", params: { nEstimators: 7 } }, { kind: "gradientBoosting" }],
});

function scored(name: string, f1_macro: number): CandidateScores {
  const candidate = all.find((one) => one.name === name)!;
  return { candidate, params: {}, folds: [], mean: { f1_macro } };
}

Deno.test("training: a grid names each candidate, those alike by what differs", () => {
  assertEquals(all.length, 10);
  assertEquals(all[1], {
    name: "Over_RandomForest",
    sampler: "randomOverSampler",
    learner: { kind: "randomForest", params: { nEstimators: 7 } },
  });
  const learner = [0.05, 0.1].map((learningRate) => (
    { kind: "gradientBoosting", params: { learningRate, maxDepth: 3 } } as const
  ));
  assertEquals(grid({ learner }).map(({ name }) => name), [
    "GradientBoosting_learningRate_0.05",
    "GradientBoosting_learningRate_0.1",
  ]);
  assertThrows(() => grid({ learner: [learner[0], learner[0]] }), UsageError, "it is there twice");
  assertThrows(() => grid({ learner: [] }), UsageError, "empty list");
});

Deno.test("training: the best by the metric's direction; equal ones by what is simpler", () => {
  const best = (names: [string, number][], select = "f1_macro") =>
    selectBest(
      names.map(([name, value]) => ({ ...scored(name, value), mean: { [select]: value } })),
      select,
    ).candidate.name;
  assertEquals(
    best([["Baseline_RandomForest", 0.7], ["Over_RandomForest", 0.8], ["SMOTE_RandomForest", 0.8]]),
    "Over_RandomForest",
  );
  assertEquals(
    best([["SMOTE_RandomForest", 0.8], ["Baseline_GradientBoosting", 0.8]]),
    "Baseline_GradientBoosting",
  );
  assertEquals(
    best([["SMOTE_RandomForest", 0.8], ["Baseline_GradientBoosting", 0.3]], "log_loss"),
    "Baseline_GradientBoosting",
  );
  const left = { candidate: all[2], failure: "too few rows" };
  assertEquals(
    selectBest([left, scored("ADASYN_RandomForest", 0.1)], "f1_macro").candidate,
    all[3],
  );
  assertThrows(() => selectBest([left], "f1_macro"), DataError, "too few rows");
  assertThrows(
    () => selectBest([scored("ADASYN_RandomForest", NaN)], "f1_macro"),
    DataError,
    "a fold holds too little",
  );
});

Deno.test("training: held-out probabilities come back in the order of the rows", () => {
  const folds = [
    { train: Int32Array.of(1, 3), test: Int32Array.of(0, 2) },
    { train: Int32Array.of(0, 2), test: Int32Array.of(1, 3) },
  ];
  const probabilities = [[0.1, 0.3, 0.9, 0.7], [0.2, 0.4, 0.8, 0.6]];
  const best = {
    ...scored("Baseline_RandomForest", 1),
    folds: probabilities.map((values) => ({
      metrics: {},
      params: {},
      sampled_rows: 2,
      predictions: Float32Array.from(values),
    })),
  };
  const held = outOfFold(best, folds, Int32Array.of(0, 1, 1, 0));
  assertEquals([...held.probabilities], [0.1, 0.2, 0.3, 0.4, 0.9, 0.8, 0.7, 0.6].map(Math.fround));
  const second = ofClass(held, 1);
  assertEquals([...second.positive], [0, 1, 1, 0]);
  assertEquals([...second.probability], [0.9, 0.8, 0.7, 0.6].map(Math.fround));
});

Deno.test("training: unseen rows take every value from the data, in new combinations", () => {
  const data: CleanData = {
    rows: 40,
    unlabelled: 0,
    columns: {
      a: { kind: "numbers", values: sharedFloat32(Array.from({ length: 40 }, (_, i) => i)) },
      b: { kind: "numbers", values: sharedFloat32(Array.from({ length: 40 }, (_, i) => i)) },
      c: {
        kind: "texts",
        codes: sharedInt32(Array.from({ length: 40 }, (_, i) => i % 3 - 1)),
        vocabulary: ["x", "y"],
      },
    },
  };
  const rows = unseenRows(data, 500, new Random(1));
  const [a, b] = [rows.columns.a as NumberColumn, rows.columns.b as NumberColumn];
  const c = rows.columns.c as TextColumn;
  assertEquals(new Set(a.values).size, 40);
  assertEquals(new Set(c.codes), new Set([-1, 0, 1]));
  const same = a.values.filter((value, i) => value === b.values[i]).length;
  assert(same < 50, `${same} of 500 rows kept the two columns together`);
});

Deno.test("training: rows that share no group are dealt at random only", () => {
  const labels = sharedInt32(Array.from({ length: 30 }, (_, i) => i % 3));
  const alone = sharedInt32(Array.from({ length: 30 }, (_, i) => i));
  const shared = sharedInt32(Array.from({ length: 30 }, (_, i) => i >> 1));
  const base: CleanData = { rows: 30, unlabelled: 0, columns: {}, labels };
  const deal = (groups: CleanData["groups"]) =>
    dealFolds(creditFeatures, { ...base, groups }, { kind: "stratified" }, { folds: 3, seed: 1 });
  assertEquals(deal(alone).grouped, undefined);
  const { grouped } = deal(shared);
  for (const { train, test } of grouped!) {
    const trained = new Set(train.map((row) => shared[row]));
    assert(test.every((row) => !trained.has(shared[row])));
  }
});

Deno.test("training: the leak check says what a difference means", () => {
  assertMatch(explainLeak(0.09, "customer"), /on both sides.*0\.0900/);
  assertMatch(explainLeak(0.01, "customer"), /no sign of a leak/);
  assertMatch(explainLeak(-0.05, "customer"), /chance/);
});

Deno.test("training: durations and versions are told plainly", () => {
  assertEquals(trainingTime(42_400), "42 s");
  assertEquals(trainingTime(83_000), "1 min 23 s");
  assertEquals(packageVersions()["onnxruntime-node"], "1.30.0");
  assertEquals(packageVersions().deno, Deno.version.deno);
});
