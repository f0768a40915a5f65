/** Exact nearest neighbours, by whichever of two ways is quicker on the data. */

import { runTask, type Task, task, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { SampleOptions } from "./contract.ts";
import { NeighbourTree } from "./neighbour_tree.ts";

/** Queries that are answered by the tree first, to see how well it prunes. */
const TRIALS = 16;
/** One distance in the tree costs about as much as this many in a matrix product. */
const PRODUCT_ADVANTAGE = 16;
/** Queries below which a worker of their own is not worth its tree. */
const QUERIES_PER_WORKER = 2000;
/** Queries between two looks at the signal. */
const QUERIES_PER_STEP = 256;
/** Distances below which the tree is quicker than starting ONNX Runtime. */
const SMALL = 4_000_000;

/**
 * The k rows nearest to each query row by Euclidean distance, the row itself
 * left out, nearest first; of equally near ones the lower row. Exact and the
 * same on every machine: distances that decide are computed in Float64 between
 * values as Float32 holds them. scikit-learn leaves open which of equally near
 * rows it takes, and for more than 15 columns rounds differences of squares;
 * where rows tie, imbalanced-learn's samplers may therefore keep or make a few
 * rows more or less, with its own k-d tree and brute force, too.
 *
 * A k-d tree answers where few columns dominate the distances, as incomes do
 * beside one-hot columns. Where the first queries show that it has to look at
 * many rows, matrix products in ONNX Runtime name candidates for the others.
 *
 * @param X Values, NaN-free in `rows`.
 * @param rows Rows to search among, without repeats.
 * @param queries Rows whose neighbours are wanted, each one of `rows`.
 * @param k Number of neighbours of each query, fewer than `rows`.
 * @param how Workers to spread the queries over, each with a tree of its own;
 * what stops the search.
 * @returns Rows of X, shape [queries × k].
 */
export async function nearestNeighbours(
  X: Matrix,
  rows: Int32Array,
  queries: Int32Array,
  k: number,
  { pool, signal }: SampleOptions = {},
): Promise<Int32Array> {
  const parts = Math.min(pool?.size ?? 1, Math.floor(queries.length / QUERIES_PER_WORKER));
  if (parts < 2) return await search({ X, rows, queries, k }, signal);
  const found = new Int32Array(queries.length * k);
  const bound = (part: number) => Math.round(part * queries.length / parts);
  await Promise.all(Array.from({ length: parts }, async (_, part) => {
    const own = queries.slice(bound(part), bound(part + 1));
    const task = { X, rows, queries: own, k };
    found.set(await runTask(searchTask, task, pool, { signal }), bound(part) * k);
  }));
  return found;
}

interface Search {
  readonly X: Matrix;
  readonly rows: Int32Array;
  readonly queries: Int32Array;
  readonly k: number;
}

/** Searches in a worker. */
export const searchTask: Task<Search, Int32Array> = task(
  import.meta.url,
  "searchTask",
  (args) => search(args),
);

async function search(
  { X, rows, queries, k }: Search,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const found = new Int32Array(queries.length * k);
  if (queries.length === 0) return found;
  const tree = new NeighbourTree(X, rows, k);
  const trials = Math.min(TRIALS, queries.length);
  for (let t = 0; t < trials; t++) {
    // Spread evenly: queries in their order may all lie in one corner.
    const i = Math.floor(t * queries.length / trials);
    found.set(tree.nearest(queries[i]), i * k);
  }
  const visits = tree.visits / trials;
  if (visits * PRODUCT_ADVANTAGE > rows.length && visits * queries.length > SMALL) {
    const { nearestByProducts } = await import("./neighbour_products.ts");
    return await nearestByProducts(X, rows, queries, k, tree, signal);
  }
  const pace = new YieldingLoop({ signal });
  for (const [i, query] of queries.entries()) {
    found.set(tree.nearest(query), i * k);
    if (i % QUERIES_PER_STEP === 0) await pace.step(i / queries.length);
  }
  return found;
}
