/** Sums of leaf values, the one pass over rows and trees that predictions need. */

import { ModelError, runTask, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";

/** Rows walked through one tree before the next: their columns stay in the second-level cache. */
const blockRows = 8192;

/** Fewer rows than this for each worker are not worth sending the trees there. */
const minRowsPerWorker = 4096;

/** The first number of a leaf in {@link PackedNodes}: only the sign bit is set. */
const leafMark = -(2 ** 31);

/** All bits but the one that marks a leaf. */
const notLeaf = 2 ** 31 - 1;

/** See {@link packNodes}. */
interface PackedNodes {
  readonly whole: Int32Array;
  readonly float: Float32Array;
  readonly leafRow: Int32Array;
}

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
  const nodes = packNodes(trees);
  const leafOf = new Int32Array(Math.min(blockRows, to - from));
  for (let start = from; start < to; start += blockRows) {
    const end = Math.min(start + blockRows, to);
    for (let t = 0; t < roots.length; t++) {
      findLeaves(nodes, roots[t], X, start, end, leafOf);
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

/**
 * Nodes as walking needs them, four Int32 each so that one is in one cache
 * line: twice the feature plus `missingLeft`, with the sign bit set at a leaf;
 * the bits of the threshold; where to go when the test does not hold, and when
 * it does. A leaf leads to itself, so that rows can walk on side by side until
 * the last of them has arrived.
 */
function packNodes({ feature, threshold, left, right, missingLeft }: TreeEnsemble): PackedNodes {
  const whole = new Int32Array(4 * feature.length);
  const float = new Float32Array(whole.buffer);
  for (let node = 0; node < feature.length; node++) {
    const leaf = feature[node] < 0;
    whole[4 * node] = leaf ? leafMark : 2 * feature[node] + missingLeft[node];
    float[4 * node + 1] = threshold[node];
    whole[4 * node + 2] = 4 * (leaf ? node : right[node]);
    whole[4 * node + 3] = 4 * (leaf ? node : left[node]);
  }
  return { whole, float, leafRow: left };
}

/** The leaf row that each row of [start, end) reaches in the tree at `root`. */
function findLeaves(
  { whole, float, leafRow }: PackedNodes,
  root: number,
  { rows, data }: FeatureColumns,
  start: number,
  end: number,
  leafOf: Int32Array,
): void {
  let i = start;
  // Four rows at a time: the processor waits for the memory of all of them at once.
  for (; i + 4 <= end; i += 4) {
    let a = 4 * root;
    let b = a;
    let c = a;
    let d = a;
    let testA = whole[a];
    let testB = testA;
    let testC = testA;
    let testD = testA;
    while ((testA & testB & testC & testD) >= 0) {
      a = whole[a + 2 + goesLeft(data[((testA & notLeaf) >> 1) * rows + i], float[a + 1], testA)];
      b =
        whole[b + 2 + goesLeft(data[((testB & notLeaf) >> 1) * rows + i + 1], float[b + 1], testB)];
      c =
        whole[c + 2 + goesLeft(data[((testC & notLeaf) >> 1) * rows + i + 2], float[c + 1], testC)];
      d =
        whole[d + 2 + goesLeft(data[((testD & notLeaf) >> 1) * rows + i + 3], float[d + 1], testD)];
      testA = whole[a];
      testB = whole[b];
      testC = whole[c];
      testD = whole[d];
    }
    leafOf[i - start] = leafRow[a >> 2];
    leafOf[i - start + 1] = leafRow[b >> 2];
    leafOf[i - start + 2] = leafRow[c >> 2];
    leafOf[i - start + 3] = leafRow[d >> 2];
  }
  for (; i < end; i++) {
    let node = 4 * root;
    for (let test = whole[node]; test >= 0; test = whole[node]) {
      node = whole[node + 2 + goesLeft(data[(test >> 1) * rows + i], float[node + 1], test)];
    }
    leafOf[i - start] = leafRow[node >> 2];
  }
}

/** 1 where a value goes left, else 0; the lowest bit of the test says where NaN goes. */
function goesLeft(value: number, threshold: number, test: number): number {
  if (value !== value) return test & 1;
  return Number(value <= threshold);
}
