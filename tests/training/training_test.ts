/** The parts of a training that whole runs do not pin down. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import type { CleanData, NumberColumn, TextColumn } from "../../src/features/mod.ts";
import { combinationNames, combinationsOf } from "../../pipelines/training/combination.ts";
import type { CombinationScores } from "../../pipelines/training/cross_validate.ts";
import { selectBest } from "../../pipelines/training/cross_validate.ts";
import { dealFolds } from "../../pipelines/training/folds.ts";
import { explain } from "../../pipelines/training/leak_check.ts";
import { duration } from "../../pipelines/training/messages.ts";
import { ofClass, outOfFold } from "../../pipelines/training/out_of_fold.ts";
import { packageVersions } from "../../pipelines/training/provenance.ts";
import { unseenRows } from "../../pipelines/training/unseen_rows.ts";
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

function scored(name: string, f1_macro: number): CombinationScores {
  const [combination] = combinationsOf({ combinations: [name], trees: 1, rounds: 1 });
  const others = { accuracy: 0, precision_macro: 0, recall_macro: 0, train_f1_macro: 0 };
  return { combination, params: {}, folds: [], mean: { f1_macro, ...others } };
}

Deno.test("training: ten combinations, each with its learner's size", () => {
  const all = combinationsOf({ combinations: combinationNames, trees: 7, rounds: 3 });
  assertEquals(all.length, 10);
  assertEquals(all[1], {
    name: "Over_RandomForest",
    sampler: "Over",
    learner: "RandomForest",
    nEstimators: 7,
  });
  assertEquals(new Set(all.slice(5).map(({ nEstimators }) => nEstimators)), new Set([3]));
});

Deno.test("training: the best has the highest macro-F1, the earlier one where two are equal", () => {
  const names = ["Baseline_RandomForest", "Over_RandomForest", "SMOTE_RandomForest"];
  const scores = [0.7, 0.8, 0.8].map((f1, i) => scored(names[i], f1));
  assertEquals(selectBest(scores).combination.name, "Over_RandomForest");
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
      f1_macro: 1,
      accuracy: 1,
      precision_macro: 1,
      recall_macro: 1,
      train_f1_macro: 1,
      confusion: [],
      sampled_rows: 2,
      probabilities: Float32Array.from(values),
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
  const options = { folds: 3, seed: 1 };
  assertEquals(dealFolds(creditFeatures, { ...base, groups: alone }, options).grouped, undefined);
  const { grouped } = dealFolds(creditFeatures, { ...base, groups: shared }, options);
  for (const { train, test } of grouped!) {
    const trained = new Set(train.map((row) => shared[row]));
    assert(test.every((row) => !trained.has(shared[row])));
  }
});

Deno.test("training: the leak check says what a difference means", () => {
  assertMatch(explain(0.09, "customer"), /on both sides.*0\.0900/);
  assertMatch(explain(0.01, "customer"), /no sign of a leak/);
  assertMatch(explain(-0.05, "customer"), /chance/);
});

Deno.test("training: durations and versions are told plainly", () => {
  assertEquals(duration(42_400), "42 s");
  assertEquals(duration(83_000), "1 min 23 s");
  assertEquals(packageVersions()["onnxruntime-node"], "1.30.0");
  assertEquals(packageVersions().deno, Deno.version.deno);
});
