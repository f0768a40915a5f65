/** Nearest neighbours by matrix products in ONNX Runtime. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { encodeModel } from "../onnx_format/mod.ts";
import { column, type Matrix } from "../dataset/mod.ts";
import type { NeighbourTree } from "./neighbour_tree.ts";

/** Distances held at a time: 4 million Float32 are 16 MB. */
const BLOCK_DISTANCES = 1 << 22;
/** Candidates beyond k for each query, so that rounding seldom hides a neighbour. */
const MARGIN = 16;
/** Half the distance from 1 to the next Float32. */
const FLOAT32_ROUNDING = 2 ** -24;

/**
 * As {@link nearestNeighbours} of neighbours.ts, with work that grows as rows ×
 * queries but runs at the speed of the processor's vector units.
 *
 * For a query a and a row b, |a − b|² = |a|² − 2ab + |b|². One product of the
 * block [−2a, 1] with the matrix [b; |b|²] ranks all rows for all queries of
 * the block, and TopK keeps the best. In Float32 that difference of large
 * numbers is rough, so the columns are centred first, a few more candidates
 * than k are kept, and the tree ranks those by exact distances. Where a bound
 * on the rounding error cannot rule out that a row outside the candidates is
 * as near as the last neighbour found, the tree searches in full.
 */
export async function nearestByProducts(
  X: Matrix,
  rows: Int32Array,
  queries: Int32Array,
  k: number,
  tree: NeighbourTree,
  signal?: AbortSignal,
): Promise<Int32Array> {
  // The row itself is the first candidate, as a rule.
  const kept = Math.min(rows.length, k + 1 + MARGIN);
  // One thread: callers run one such job for each core already.
  const session = await InferenceSession.create(rankingModel(kept), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  try {
    const places = new Int32Array(X.rows);
    rows.forEach((row, place) => places[row] = place);
    const found = new Int32Array(queries.length * k);
    const { values, norms } = centred(X, rows);
    const longest = Math.sqrt(norms.reduce((max, norm) => Math.max(max, norm), 0));
    const all = new Tensor("float32", values, [X.columns + 1, rows.length]);
    const blockRows = Math.max(1, Math.floor(BLOCK_DISTANCES / rows.length));
    for (let start = 0; start < queries.length; start += blockRows) {
      signal?.throwIfAborted();
      const block = queries.subarray(start, start + blockRows);
      const blockPlaces = block.map((query) => places[query]);
      const { distances, indices } = await session.run({
        block: blockTensor(values, rows.length, X.columns, blockPlaces),
        all,
      });
      const nearest = indices.data as BigInt64Array;
      const ranked = distances.data as Float32Array;
      const candidates = new Int32Array(kept);
      block.forEach((query, i) => {
        for (let c = 0; c < kept; c++) candidates[c] = rows[Number(nearest[i * kept + c])];
        let neighbours = tree.nearestAmong(query, candidates);
        if (kept < rows.length) {
          const norm = norms[blockPlaces[i]];
          const outside = ranked[(i + 1) * kept - 1] + norm -
            roundingBound(Math.sqrt(norm) + longest, X.columns);
          if (!(tree.farthest < outside)) neighbours = tree.nearest(query);
        }
        found.set(neighbours, (start + i) * k);
      });
    }
    return found;
  } finally {
    await session.release();
  }
}

/**
 * How far a squared distance in Float32 may be from the exact one: each of the
 * columns + 1 products, their sum, the centred values and |b|² are rounded once,
 * and no term is greater than the square of `lengths` = |a| + |b|. The 8 stand
 * for the roundings outside the sum.
 */
function roundingBound(lengths: number, columns: number): number {
  return (columns + 8) * FLOAT32_ROUNDING * lengths ** 2;
}

/** The centred columns of the rows, one after the other, then |b|² of each row. */
function centred(
  X: Matrix,
  rows: Int32Array,
): { values: Float32Array; norms: Float64Array } {
  const values = new Float32Array((X.columns + 1) * rows.length);
  const norms = new Float64Array(rows.length);
  for (let j = 0; j < X.columns; j++) {
    const source = column(X, j);
    const target = values.subarray(j * rows.length, (j + 1) * rows.length);
    let sum = 0;
    for (const row of rows) sum += source[row];
    const mean = sum / rows.length;
    for (let i = 0; i < rows.length; i++) {
      target[i] = source[rows[i]] - mean;
      norms[i] += target[i] * target[i];
    }
  }
  values.set(norms, X.columns * rows.length);
  return { values, norms };
}

/** Rows [−2a, 1] of the queries at `places`. */
function blockTensor(
  values: Float32Array,
  rows: number,
  columns: number,
  places: Int32Array,
): Tensor {
  const block = new Float32Array(places.length * (columns + 1));
  places.forEach((place, i) => {
    const to = i * (columns + 1);
    for (let j = 0; j < columns; j++) block[to + j] = -2 * values[j * rows + place];
    block[to + columns] = 1;
  });
  return new Tensor("float32", block, [places.length, columns + 1]);
}

/** The graph `TopK(block × all)`, smallest first. */
function rankingModel(kept: number): Uint8Array {
  return encodeModel({
    name: "nearest_neighbours",
    producer: { name: "dinoflow", version: "" },
    metadata: {},
    constants: new Map([["kept", { type: "int64", dims: [1], data: [kept] }]]),
    nodes: [
      { op: "MatMul", domain: "", inputs: ["block", "all"], outputs: ["products"], attributes: {} },
      {
        op: "TopK",
        domain: "",
        inputs: ["products", "kept"],
        outputs: ["distances", "indices"],
        attributes: { largest: 0 },
      },
    ],
    inputs: [
      { name: "block", type: "float", dims: ["queries", "columns"] },
      { name: "all", type: "float", dims: ["columns", "rows"] },
    ],
    outputs: [
      { name: "distances", type: "float", dims: ["queries", "kept"] },
      { name: "indices", type: "int64", dims: ["queries", "kept"] },
    ],
  });
}
