/** How well a forest's trees do on the rows that they have not seen. */

import { Random, runTask, type Task, task } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { leafRow, mostProbable, type TreeEnsemble } from "../trees/mod.ts";
import type { RegressionOptions } from "./contract.ts";
import { treeSeed } from "./forest_growth.ts";
import { countDraws, type ForestParams } from "./forest_params.ts";
import { weightedMean } from "./target_scale.ts";
import { drawRows, rowsWithWeight } from "../tree_growth/mod.ts";

/** Each row predicted by the trees whose draw left it out. */
export interface OutOfBag<Predictions = Float32Array> {
  /** Accuracy or R² over the rows that some tree has not seen; NaN if there are none. */
  readonly score: number;
  /** Predictions, output by output, NaN for rows that every tree has seen. */
  readonly predictions: Predictions;
}

interface OutOfBagRange {
  readonly trees: TreeEnsemble;
  readonly X: Matrix;
  readonly seed: number;
  readonly eligible: Int32Array;
  readonly draws: number;
  readonly from: number;
  readonly to: number;
}

/** Mean leaf values of rows `from` to `to − 1` over the trees that have not seen them. */
export const outOfBagTask: Task<OutOfBagRange, Float64Array> = task(
  import.meta.url,
  "outOfBagTask",
  ({ trees, X, seed, eligible, draws, from, to }) => {
    const { roots, outputs, leaves } = trees;
    const rows = to - from;
    const sums = new Float64Array(outputs * rows);
    const counts = new Int32Array(rows);
    const times = new Int32Array(X.rows);
    for (let t = 0; t < roots.length; t++) {
      // A tree's bag follows from its seed: drawing it again is cheaper than keeping it.
      drawRows(new Random(treeSeed(seed, t)), eligible, draws, times);
      for (let i = 0; i < rows; i++) {
        if (times[from + i] > 0) continue;
        const leaf = leafRow(trees, t, X, from + i) * outputs;
        for (let k = 0; k < outputs; k++) sums[k * rows + i] += leaves[leaf + k];
        counts[i]++;
      }
    }
    return sums.map((sum, at) => sum / counts[at % rows]);
  },
);

/** Probabilities and accuracy out of the bag. */
export async function outOfBagClasses(
  trees: TreeEnsemble,
  params: Required<ForestParams>,
  X: Matrix,
  y: Int32Array,
  options: RegressionOptions,
): Promise<OutOfBag> {
  const predictions = Float32Array.from(await outOfBagMeans(trees, params, X, options));
  const labels = mostProbable(predictions, X.rows);
  const seen = rowsPredicted(predictions, X.rows);
  const right = seen.filter((row) => labels[row] === y[row]).length;
  return { score: right / seen.length, predictions };
}

/** Numbers and R² out of the bag. */
export async function outOfBagValues(
  trees: TreeEnsemble,
  params: Required<ForestParams>,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: RegressionOptions,
): Promise<OutOfBag<Float64Array>> {
  const predictions = await outOfBagMeans(trees, params, X, options);
  const rows = rowsPredicted(predictions, X.rows);
  const mean = weightedMean(Float64Array.from(rows, (row) => y[row]));
  const squares = (of: (row: number) => number) =>
    rows.reduce((sum, row) => sum + (y[row] - of(row)) ** 2, 0);
  const score = 1 - squares((row) => predictions[row]) / squares(() => mean);
  return { score, predictions };
}

function rowsPredicted(predictions: ArrayLike<number>, rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row)
    .filter((row) => !Number.isNaN(predictions[row]));
}

async function outOfBagMeans(
  trees: TreeEnsemble,
  params: Required<ForestParams>,
  X: Matrix,
  { seed, sampleWeight, pool, signal }: RegressionOptions,
): Promise<Float64Array> {
  const eligible = rowsWithWeight(X.rows, sampleWeight);
  const draws = countDraws(params, eligible.length)!;
  const parts = Math.min(pool?.size ?? 1, X.rows);
  const bound = (part: number) => Math.round(part * X.rows / parts);
  const predictions = new Float64Array(trees.outputs * X.rows);
  await Promise.all(Array.from({ length: parts }, async (_, part) => {
    const [from, to] = [bound(part), bound(part + 1)];
    const range = { trees, X, seed, eligible, draws, from, to };
    const means = await runTask(outOfBagTask, range, pool, { signal });
    for (let k = 0; k < trees.outputs; k++) {
      for (let i = from; i < to; i++) {
        predictions[k * X.rows + i] = means[k * (to - from) + i - from] + trees.base[k];
      }
    }
  }));
  return predictions;
}
