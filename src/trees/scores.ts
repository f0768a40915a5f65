/** Sums of leaf values, the one pass over rows and trees that predictions need. */

import { ModelError, runTask, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";
import { numberOfScore } from "./number_link.ts";
import {
  codeBits,
  nextNode,
  type NodeTable,
  nodeTable,
  orderedBits,
  stayAtLeaf,
} from "./node_table.ts";
import { type ShallowTable, shallowTable } from "./shallow_table.ts";
import { ShallowWalk } from "./shallow_walk.ts";

/** Rows that are walked through one tree before the next: enough that the tree is read from the cache. */
const blockRows = 32_768;

/** Fewer rows than this are not worth filling trees up for. */
const fewestForShallow = 1024;

/** Fewer rows than this for each worker are not worth asking it. */
const minRowsPerWorker = 4096;

/** What summing needs of an ensemble beside its nodes. */
type Sums = Pick<TreeEnsemble, "outputs" | "leafWidth" | "treeOutput" | "scale">;

interface ScoreRange {
  readonly table: NodeTable;
  readonly shallow?: ShallowTable;
  readonly sums: Sums;
  readonly X: FeatureColumns;
  readonly from: number;
  readonly to: number;
  readonly out: Float32Array<SharedArrayBuffer>;
}

/** Scores a range of rows into shared memory. */
export const scoreRangeTask: Task<ScoreRange, void> = task(
  import.meta.url,
  "scoreRangeTask",
  (range) => scoreRange(range),
);

/**
 * The score of each output for each row, `base + scale × Σ leaf values`, as
 * Float32 sums in the order of the trees: what ONNX Runtime computes.
 *
 * @param trees A valid ensemble.
 * @param X Rows with the columns that the trees were grown on.
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Output by output, shape [outputs × rows]: output k of row i is at `k * rows + i`.
 * @throws {ModelError} if X has another number of columns than the trees read.
 */
export async function scores(
  trees: TreeEnsemble,
  X: FeatureColumns,
  pool?: WorkerPool,
): Promise<Float32Array> {
  const out = await scaledSums(trees, X, pool);
  for (let k = 0; k < trees.outputs; k++) {
    for (let i = k * X.rows; i < (k + 1) * X.rows; i++) out[i] += trees.base[k];
  }
  return out;
}

/**
 * The numbers that trees of one output predict: the scores after their link, with the base added
 * in Float64, which keeps what the trees tell of numbers far from 0.
 *
 * @param trees A valid ensemble of one output.
 * @param X Rows with the columns that the trees were grown on.
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Predictions, shape [rows].
 * @throws {ModelError} if X has another number of columns than the trees read.
 */
export async function predictNumbers(
  trees: TreeEnsemble,
  X: FeatureColumns,
  pool?: WorkerPool,
): Promise<Float64Array> {
  const { base: [base], link } = trees;
  const sums = await scaledSums(trees, X, pool);
  const found = new Float64Array(sums.length);
  for (let i = 0; i < sums.length; i++) found[i] = numberOfScore(link, base + sums[i]);
  return found;
}

/** scale × Σ leaf values of each output and row, in Float32. */
async function scaledSums(
  trees: TreeEnsemble,
  X: FeatureColumns,
  pool: WorkerPool | undefined,
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
  const { outputs, leafWidth, treeOutput, scale } = trees;
  const shared = {
    table: nodeTable(trees),
    shallow: X.rows < fewestForShallow ? undefined : shallowTable(trees),
    sums: { outputs, leafWidth, treeOutput, scale },
    X: { rows: X.rows, columns: X.columns, data: X.data },
    out,
  };
  if (parts < 2) {
    scoreRange({ ...shared, from: 0, to: X.rows });
    return out;
  }
  const bound = (part: number) => Math.round(part * X.rows / parts);
  await Promise.all(
    Array.from({ length: parts }, (_, part) => {
      const range = { ...shared, from: bound(part), to: bound(part + 1) };
      return runTask(scoreRangeTask, range, pool);
    }),
  );
  return out;
}

function scoreRange(range: ScoreRange): void {
  const { sums: { outputs, scale }, shallow, X, from, to, out } = range;
  if (shallow === undefined) sumBlocks(range, from, to);
  else sumShallow(range, shallow);
  const factor = Math.fround(scale);
  for (let k = 0; k < outputs; k++) {
    for (let i = k * X.rows + from; i < k * X.rows + to; i++) out[i] *= factor;
  }
}

/** Sums over trees of any kind. */
function sumBlocks({ table, sums, X, out }: ScoreRange, from: number, to: number): void {
  const { outputs, leafWidth, treeOutput } = sums;
  const { roots, leaves } = table;
  const size = Math.min(blockRows, to - from);
  const leafOf = new Int32Array(size);
  const block = new Int32Array(size * X.columns);
  for (let start = from; start < to; start += blockRows) {
    const rows = Math.min(blockRows, to - start);
    copyBlock(X, start, rows, table.coded, block);
    for (let t = 0; t < roots.length; t++) {
      findLeaves(table.splits, roots[t], block, X.columns, rows, leafOf);
      const first = leafWidth === outputs ? 0 : treeOutput[t];
      for (let v = 0; v < leafWidth; v++) {
        const at = (first + v) * X.rows + start;
        for (let i = 0; i < rows; i++) out[at + i] += leaves[leafOf[i] * leafWidth + v];
      }
    }
  }
}

/** Sums over shallow trees. */
function sumShallow(range: ScoreRange, shallow: ShallowTable): void {
  const { sums: { outputs, treeOutput }, X, from, to, out } = range;
  const walk = ShallowWalk.of(shallow, outputs);
  if (!walk) return sumBlocks(range, from, to);
  for (let start = from; start < to; start += walk.rows) {
    const rows = Math.min(walk.rows, to - start);
    walk.read(X, start, rows);
    const found = walk.sums(rows, treeOutput);
    for (let k = 0; k < outputs; k++) {
      out.set(found.subarray(k * walk.rows, k * walk.rows + rows), k * X.rows + start);
    }
  }
}

/** Copies rows to `block` one after the other, each value as its ordered bits. */
function copyBlock(
  X: FeatureColumns,
  start: number,
  rows: number,
  coded: readonly number[],
  block: Int32Array,
): void {
  const bits = new Int32Array(X.data.buffer, X.data.byteOffset, X.data.length);
  for (let j = 0; j < X.columns; j++) {
    const from = j * X.rows + start;
    for (let i = 0, at = j; i < rows; i++, at += X.columns) block[at] = orderedBits(bits[from + i]);
  }
  for (const j of coded) {
    const from = j * X.rows + start;
    for (let i = 0; i < rows; i++) {
      block[i * X.columns + j] = codeBits(X.data[from + i], bits[from + i]);
    }
  }
}

/** The leaf row that each row of the block reaches in the tree at `root`. */
function findLeaves(
  splits: Int32Array,
  root: number,
  block: Int32Array,
  columns: number,
  rows: number,
  leafOf: Int32Array,
): void {
  if (root < 0) {
    leafOf.fill(-1 - root, 0, rows);
    return;
  }
  let i = 0;
  // Eight rows at a time: the processor waits for the memory of all of them at
  // once. A row that has arrived tests its last split again until all have.
  for (; i + 8 <= rows; i += 8) {
    const rowA = i * columns;
    const rowB = rowA + columns;
    const rowC = rowB + columns;
    const rowD = rowC + columns;
    const rowE = rowD + columns;
    const rowF = rowE + columns;
    const rowG = rowF + columns;
    const rowH = rowG + columns;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    let e = root;
    let f = root;
    let g = root;
    let h = root;
    let nextA = root;
    let nextB = root;
    let nextC = root;
    let nextD = root;
    let nextE = root;
    let nextF = root;
    let nextG = root;
    let nextH = root;
    do {
      a = stayAtLeaf(a, nextA);
      b = stayAtLeaf(b, nextB);
      c = stayAtLeaf(c, nextC);
      d = stayAtLeaf(d, nextD);
      e = stayAtLeaf(e, nextE);
      f = stayAtLeaf(f, nextF);
      g = stayAtLeaf(g, nextG);
      h = stayAtLeaf(h, nextH);
      nextA = nextNode(splits, a, block, rowA);
      nextB = nextNode(splits, b, block, rowB);
      nextC = nextNode(splits, c, block, rowC);
      nextD = nextNode(splits, d, block, rowD);
      nextE = nextNode(splits, e, block, rowE);
      nextF = nextNode(splits, f, block, rowF);
      nextG = nextNode(splits, g, block, rowG);
      nextH = nextNode(splits, h, block, rowH);
    } while ((nextA & nextB & nextC & nextD & nextE & nextF & nextG & nextH) >= 0);
    leafOf[i] = -1 - nextA;
    leafOf[i + 1] = -1 - nextB;
    leafOf[i + 2] = -1 - nextC;
    leafOf[i + 3] = -1 - nextD;
    leafOf[i + 4] = -1 - nextE;
    leafOf[i + 5] = -1 - nextF;
    leafOf[i + 6] = -1 - nextG;
    leafOf[i + 7] = -1 - nextH;
  }
  for (; i < rows; i++) {
    let node = root;
    while (node >= 0) node = nextNode(splits, node, block, i * columns);
    leafOf[i] = -1 - node;
  }
}
