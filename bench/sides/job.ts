/**
 * The train pipeline's own code from folds to the refitted model: each of the 10
 * combinations is cross-validated on the five folds, the best is fitted to all
 * rows. The features are prepared, so each is declared as a plain number.
 */

import { WorkerPool } from "../../src/base/mod.ts";
import { type CleanData, featureSet, number } from "../../src/features/mod.ts";
import { column, type Fold } from "../../src/dataset/mod.ts";
import {
  type ComparisonData,
  crossValidate,
  grid,
  selectBest,
  taskOf,
} from "../../src/training/mod.ts";
import { answer, measured, readInto, readPart, readShape, sideArguments } from "./side.ts";

const { folder, threads, seed } = sideArguments();
const { classes } = readShape(folder, "credit");
const { X, y } = readPart(folder, "credit", "train");

const names = Array.from({ length: X.columns }, (_, j) => `x${j}`);
const set = featureSet({
  target: { column: "y", classes: Array.from({ length: classes }, (_, k) => `class ${k}`) },
  columns: Object.fromEntries(names.map((name) => [name, number({ cap: false })])),
});
const data: CleanData = {
  rows: X.rows,
  columns: Object.fromEntries(
    names.map((name, j) => [name, { kind: "numbers" as const, values: column(X, j) }]),
  ),
  labels: y,
  unlabelled: 0,
};
const candidates = grid({
  sampler: ["none", "randomOverSampler", "smote", "adasyn", "borderlineSmote"],
  learner: [{ kind: "randomForest" }, { kind: "gradientBoosting" }],
});
const scoring = { metrics: ["f1_macro", "accuracy"], select: "f1_macro" };
const task = taskOf(set);
const experiment: ComparisonData = { set, data, seed };

const foldOf = new Int32Array(new SharedArrayBuffer(4 * X.rows));
readInto(`${folder}/credit_folds.i32`, foldOf.buffer);
const rows = Int32Array.from(foldOf.keys());
const folds: Fold[] = Array.from({ length: 5 }, (_, fold) => ({
  train: rows.filter((row) => foldOf[row] !== fold),
  test: rows.filter((row) => foldOf[row] === fold),
}));

await using pool = new WorkerPool(threads);
const watch = { signal: new AbortController().signal, progress() {} };
const { result, ...cost } = await measured(async () => {
  const scores = await Promise.all(
    candidates.map((one) => crossValidate(task, one, folds, experiment, scoring, pool, watch)),
  );
  const best = selectBest(scores, scoring.select);
  await task.refit(best.candidate, experiment, rows, pool, watch);
  return best;
});
answer({ ...cost, quality: result.mean.f1_macro });
