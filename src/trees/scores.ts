/** Sums of leaf values, the one pass over rows and trees that predictions need. */

import { ModelError, runTask, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";

/** Rows walked through one tree before the next: their columns stay in the second-level cache. */
const blockRows = 8192;

/** Fewer rows than this for each worker are not worth sending the trees there. */
const minRowsPerWorker = 4096;

interface ScoreRange {
  readonly trees: TreeEnsemble;
  readonly X: FeatureColumns;
  readonly from: number;
  readonly to: number;
  readonly out: Float32Array<SharedArrayBuffer>;
}

/** Scores a range of rows into shared memory. */
export const scoreRangeTask: Task<ScoreRange, void> = task(
  import.meta.url,
  "scoreRangeTask",
  ({ trees, X, from, to, out }) => scoreRange(trees, X, from, to, out),
);

/**
 * The score of each output for each row, `base + scale × Σ leaf values`, as
 * Float32 sums in the order of the trees: what ONNX Runtime computes.
 *
 * @param trees A valid ensemble.
 * @param X Rows with the columns that the trees were grown on.
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Output by output, shape [outputs × rows]: output k of row i is at `k * rows + i`.
 * @throws {ModelError} where X has another number of columns than the trees read.
 */
export async function scores(
  trees: TreeEnsemble,
  X: FeatureColumns,
  pool?: WorkerPool,
): Promise<Float32Array> {
  if (X.columns !== trees.features) {
    throw new ModelError(
      `Cannot predict: the rows have ${X.columns} columns, the trees read ${trees.features}`,
      { next: "give the columns that the model was fitted on, in the same order" },
    );
  }
  const bytes = trees.outputs * X.rows * Float32Array.BYTES_PER_ELEMENT;
  const out = new Float32Array(new SharedArrayBuffer(bytes));
  const parts = Math.min(pool?.size ?? 1, Math.floor(X.rows / minRowsPerWorker));
  if (parts < 2) {
    scoreRange(trees, X, 0, X.rows, out);
    return out;
  }
  const bound = (part: number) => Math.round(part * X.rows / parts);
  await Promise.all(
    Array.from({ length: parts }, (_, part) => {
      const range = { trees, X, from: bound(part), to: bound(part + 1), out };
      return runTask(scoreRangeTask, range, pool);
    }),
  );
  return out;
}

function scoreRange(
  trees: TreeEnsemble,
  X: FeatureColumns,
  from: number,
  to: number,
  out: Float32Array,
): void {
  const { roots, outputs, leafWidth, leaves, treeOutput, base, scale } = trees;
  const leafOf = new Int32Array(Math.min(blockRows, to - from));
  for (let start = from; start < to; start += blockRows) {
    const end = Math.min(start + blockRows, to);
    for (let t = 0; t < roots.length; t++) {
      findLeaves(trees, roots[t], X, start, end, leafOf);
      const first = leafWidth === outputs ? 0 : treeOutput[t];
      for (let v = 0; v < leafWidth; v++) {
        const at = (first + v) * X.rows + start;
        for (let i = 0; i < end - start; i++) out[at + i] += leaves[leafOf[i] * leafWidth + v];
      }
    }
  }
  const factor = Math.fround(scale);
  for (let k = 0; k < outputs; k++) {
    for (let i = k * X.rows + from; i < k * X.rows + to; i++) {
      out[i] = Math.fround(out[i] * factor) + base[k];
    }
  }
}

/** The leaf row that each row of [start, end) reaches in the tree at `root`. */
function findLeaves(
  { feature, threshold, left, right, missingLeft }: TreeEnsemble,
  root: number,
  { rows, data }: FeatureColumns,
  start: number,
  end: number,
  leafOf: Int32Array,
): void {
  for (let i = start; i < end; i++) {
    let node = root;
    let column = feature[node];
    while (column >= 0) {
      const value = data[column * rows + i];
      const goesLeft = value <= threshold[node] || (value !== value && missingLeft[node] === 1);
      node = goesLeft ? left[node] : right[node];
      column = feature[node];
    }
    leafOf[i - start] = left[node];
  }
}
