/**
 * A whole search of 50 trials as a training makes it, on prepared features: each is declared as
 * a plain number. One class is told from the others.
 */

import { WorkerPool } from "../../src/base/mod.ts";
import { type CleanData, featureSet, number } from "../../src/features/mod.ts";
import { bestTrial, float, int, logFloat, type SearchPlan } from "../../src/search/mod.ts";
import { column, type Fold } from "../../src/dataset/mod.ts";
import {
  type SearchedSettings,
  searchRows,
  SearchWatch,
  settingsSpace,
  taskOf,
} from "../../src/training/mod.ts";
import { answer, measured, readInto, readPart, sideArguments } from "./side.ts";

const { folder, threads, seed, pruner } = sideArguments<{ pruner: "none" | "median" }>();
const { X, y } = readPart(folder, "credit", "train");

const names = Array.from({ length: X.columns }, (_, j) => `x${j}`);
const set = featureSet({
  target: { column: "y", classes: ["other", "first"], positive: "first" },
  columns: Object.fromEntries(names.map((name) => [name, number({ cap: false })])),
});
const labels = new Int32Array(new SharedArrayBuffer(4 * X.rows));
labels.set(y.map((label) => Number(label === 0)));
const data: CleanData = {
  rows: X.rows,
  columns: Object.fromEntries(
    names.map((name, j) => [name, { kind: "numbers" as const, values: column(X, j) }]),
  ),
  labels,
  unlabelled: 0,
};
const settings: SearchedSettings = {
  learner: {
    kind: "gradientBoosting",
    params: {
      growth: "leafwise",
      nEstimators: int(20, 120),
      learningRate: logFloat(0.02, 0.3),
      numLeaves: int(4, 63, { log: true }),
      minDataInLeaf: int(5, 60),
      colsample: float(0.5, 1),
      regLambda: logFloat(1e-3, 10),
    },
  },
};
const plan: SearchPlan = {
  ...{ space: settingsSpace(settings), trials: 50, sampler: "tpe", parallel: 4, seed },
  pruner: pruner === "median" ? { kind: pruner, judge: "last" } : pruner,
  direction: "maximize",
};

const foldOf = new Int32Array(new SharedArrayBuffer(4 * X.rows));
readInto(`${folder}/credit_folds.i32`, foldOf.buffer);
const rows = Int32Array.from(foldOf.keys());
const folds: Fold[] = Array.from({ length: 5 }, (_, fold) => ({
  train: rows.filter((row) => foldOf[row] !== fold),
  test: rows.filter((row) => foldOf[row] === fold),
}));

await using pool = new WorkerPool(threads);
const { result, ...cost } = await measured(() => {
  const setting = {
    ...{ task: taskOf(set), experiment: { set, data, seed }, folds, pool },
    scoring: { metrics: ["roc_auc"], select: "roc_auc" },
    watch: new SearchWatch(Infinity, "roc_auc", plan.direction),
  };
  const watch = { signal: new AbortController().signal, progress() {} };
  return searchRows(setting, plan, settings, watch);
});
answer({ ...cost, quality: bestTrial(result, plan.direction)!.value! });
