/** Shapley values of a tree ensemble. */

import { ModelError, runTask, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { FeatureColumns, TreeEnsemble } from "../trees/mod.ts";
import { TableExplainer } from "./shap_tables.ts";
import { TreeExplainer } from "./tree_explainer.ts";

/** How scores came about: for each row they are `base` plus the sum of its values. */
export interface ShapValues {
  /** Number of rows. */
  readonly rows: number;
  /** Number of features. */
  readonly features: number;
  /** Number of scores: classes, or 1 for regression and binary boosting. */
  readonly outputs: number;
  /** Mean score over the training rows, shape [outputs]. */
  readonly base: Float64Array;
  /**
   * What each feature adds to each score, output by output and feature by
   * feature: that of feature j of row i for output k is at
   * `(k * features + j) * rows + i`.
   */
  readonly values: Float32Array;
}

/** How an explanation is spread, watched and stopped. */
export interface TreeShapOptions {
  /** Workers to spread rows over; the result does not depend on it. */
  readonly pool?: WorkerPool;
  /** Stops the work. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

interface ShapRange {
  readonly trees: TreeEnsemble;
  readonly X: FeatureColumns;
  readonly from: number;
  readonly to: number;
  readonly values: Float32Array<SharedArrayBuffer>;
}

/** Explains a range of rows into shared memory and gives the base. */
export const shapRangeTask: Task<ShapRange, Float64Array> = task(
  import.meta.url,
  "shapRangeTask",
  (range, { progress }) => shapRange(range, progress),
);

/** Most rows of a piece: what is summed in Float64 is bounded. */
const rowsOfPiece = 8192;

/** Fewer rows than this are not worth another piece, in which tables are made anew. */
const leastRowsOfPiece = 4096;

/** Pieces for each worker, if there are rows enough: a slow one does not hold all up. */
const piecesPerWorker = 4;

/**
 * The exact Shapley values of each feature for each row and score, where an
 * unknown feature follows both branches of a test by the shares of training
 * rows that did (path-dependent TreeSHAP). Scores are what `scores` of the
 * trees room gives: probabilities of a forest, log-odds of boosting.
 *
 * Source: Lundberg et al., 2020; shap
 * `TreeExplainer(feature_perturbation="tree_path_dependent")`.
 *
 * @param trees A valid ensemble with `cover`.
 * @param X Rows with the columns that the trees were grown on.
 * @throws {ModelError} if X has another number of columns than the trees read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * // One test, x₀ ≤ 0.5, that half of the training rows passed.
 * const trees = {
 *   features: 2, outputs: 1, roots: Int32Array.of(0), feature: Int32Array.of(0, -1, -1),
 *   threshold: Float32Array.of(0.5, 0, 0), left: Int32Array.of(1, 0, 1), right: Int32Array.of(2, 0, 0),
 *   missingLeft: new Uint8Array(3), cover: Float32Array.of(10, 5, 5), leaves: Float32Array.of(1, 3),
 *   leafWidth: 1, treeOutput: new Int32Array(1), base: Float32Array.of(0), scale: 1,
 *   link: "identity" as const,
 * };
 * const { base, values } = await treeShap(trees, {
 *   rows: 1, columns: 2, data: Float32Array.of(0.9, 7),
 * });
 * assertEquals([base[0], ...values], [2, 1, 0]); // 3 = 2 + 1 + 0
 * ```
 */
export async function treeShap(
  trees: TreeEnsemble,
  X: FeatureColumns,
  { pool, signal, onProgress }: TreeShapOptions = {},
): Promise<ShapValues> {
  const { features, outputs } = trees;
  if (X.columns !== features) {
    throw new ModelError(
      `Cannot explain: the rows have ${X.columns} columns, the trees read ${features}`,
      { next: "give the columns that the model was fitted on, in the same order" },
    );
  }
  const bytes = outputs * features * X.rows * Float32Array.BYTES_PER_ELEMENT;
  const values = new Float32Array(new SharedArrayBuffer(bytes));
  const most = (pool?.size ?? 1) * piecesPerWorker;
  const pieces = Math.max(
    Math.ceil(X.rows / rowsOfPiece),
    Math.min(most, Math.floor(X.rows / leastRowsOfPiece)),
    Math.min(pool?.size ?? 1, X.rows),
  );
  const bound = (piece: number) => Math.round(piece * X.rows / pieces);
  const done = new Float64Array(pieces);
  const bases = await Promise.all(
    Array.from({ length: pieces }, (_, piece) => {
      const range = { trees, X, from: bound(piece), to: bound(piece + 1), values };
      return runTask(shapRangeTask, range, pool, {
        signal,
        onProgress(share) {
          done[piece] = share;
          onProgress?.(done.reduce((sum, part) => sum + part, 0) / pieces);
        },
      });
    }),
  );
  return { rows: X.rows, features, outputs, base: bases[0], values };
}

function shapRange(
  { trees, X, from, to, values }: ShapRange,
  progress: (done: number) => void,
): Float64Array {
  const { roots, features, outputs, leafWidth, treeOutput } = trees;
  const base = Float64Array.from(trees.base);
  const rows = to - from;
  // Float64 sums over all trees; tree by tree, so that its nodes stay in the cache.
  const sums = new Float64Array(outputs * features * rows);
  for (let t = 0; t < roots.length; t++) {
    const first = leafWidth === outputs ? 0 : treeOutput[t];
    const explainer = new TreeExplainer(trees, t);
    explainer.expectedValue().forEach((mean, k) => base[first + k] += trees.scale * mean);
    // By the rows of the whole: the result does not depend on how they are dealt to pieces.
    const tables = TableExplainer.of(trees, explainer.tree, X.rows);
    if (tables) tables.addShapValues(X, from, to, sums, first);
    else addRowByRow(explainer, trees, { X, from, to }, sums, first);
    progress((t + 1) / roots.length);
  }
  for (let s = 0; s < outputs * features; s++) {
    values.set(sums.subarray(s * rows, (s + 1) * rows), s * X.rows + from);
  }
  return base;
}

function addRowByRow(
  explainer: TreeExplainer,
  { features, leafWidth, scale }: TreeEnsemble,
  { X, from, to }: Pick<ShapRange, "X" | "from" | "to">,
  sums: Float64Array,
  first: number,
): void {
  const added = new Float64Array(features * leafWidth);
  for (let i = from; i < to; i++) {
    added.fill(0);
    explainer.addShapValues(rowOf(X, i), added);
    for (let j = 0; j < features; j++) {
      for (let k = 0; k < leafWidth; k++) {
        const at = ((first + k) * features + j) * (to - from) + i - from;
        sums[at] += scale * added[j * leafWidth + k];
      }
    }
  }
}

function rowOf({ rows, columns, data }: FeatureColumns, i: number): Float32Array {
  return Float32Array.from({ length: columns }, (_, j) => data[j * rows + i]);
}
