/** Isolation forest: rows that few random splits part from all others are unusual. */

import { deriveSeed, Random, UsageError, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { concatTrees, type Tree, type TreeEnsemble } from "../trees/mod.ts";
import { checkRows } from "./check_rows.ts";
import type { Detector, DetectorOptions } from "./contract.ts";
import { averagePathLength } from "./path_length.ts";
import { rowsWithoutRepetition } from "./draw_rows.ts";
import { TreeNodeList } from "./tree_nodes.ts";

/** Parameters of {@linkcode isolationForest}. */
export interface IsolationForestParams {
  /** Number of trees, 1 to 10,000; default 100. */
  readonly nEstimators?: number;
  /** Rows that each tree draws without repetition, 2 or more; default 256, or all if there are fewer. */
  readonly maxSamples?: number;
}

/** A fitted isolation forest. */
export interface IsolationForest {
  /** Tells detectors apart. */
  readonly kind: "IsolationForest";
  /**
   * Leaves hold depth + c(rows); −1 / (trees × c(drawn rows)) scales their sum, and the power of
   * two makes it the score in (0, 1].
   */
  readonly trees: TreeEnsemble;
}

/**
 * An isolation forest. The score of a row is 2^(−mean depth / c(n)): about 0.5 for a row as
 * most are, up to 1 for one that is isolated at once. A missing value goes to the side that
 * each split draws for it.
 *
 * Source: Liu, Ting and Zhou, Isolation Forest (2008); scikit-learn `IsolationForest`, whose
 * `score_samples` is the score times −1.
 *
 * @throws {UsageError} for a parameter out of its range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictNumbers } from "../trees/mod.ts";
 * const X = matrixFromRows([...Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]), [90, 80]]);
 * const { trees } = await isolationForest().fit(X, { seed: 1 });
 * const scores = await predictNumbers(trees, X);
 * assert(scores[50] > 0.7 && scores[0] < 0.6);
 * ```
 */
export function isolationForest(
  { nEstimators = 100, maxSamples = 256 }: IsolationForestParams = {},
): Detector<IsolationForest> {
  checkForest("isolationForest", { nEstimators, maxSamples });
  return {
    name: "IsolationForest",
    params: { nEstimators, maxSamples },
    async fit(X, options) {
      checkRows("isolationForest", X, "kept");
      const drawn = Math.min(maxSamples, X.rows);
      const grown = await eachTree(nEstimators, options, (random) => growTree(X, drawn, random));
      return {
        kind: "IsolationForest",
        trees: concatTrees(grown, {
          features: X.columns,
          outputs: 1,
          leafWidth: 1,
          treeOutput: new Int32Array(0),
          base: Float64Array.of(0),
          scale: -1 / (nEstimators * averagePathLength(drawn)),
          link: "exp2",
        }),
      };
    },
  };
}

/** Refuses a forest that cannot be grown. */
export function checkForest(name: string, params: Required<IsolationForestParams>): void {
  for (const [key, least, most] of [["nEstimators", 1, 10_000], ["maxSamples", 2, 2 ** 31]]) {
    const value = params[key as keyof IsolationForestParams];
    if (Number.isInteger(value) && value >= Number(least) && value <= Number(most)) continue;
    throw new UsageError(`Cannot set ${key} of ${name} to ${value}`, {
      next: `give a whole number from ${least} to ${most}`,
    });
  }
}

/** Grows trees one by one, each from a seed of its own place. */
export async function eachTree<T>(
  count: number,
  { seed, ...watch }: DetectorOptions,
  grow: (random: Random) => T,
): Promise<T[]> {
  const pace = new YieldingLoop(watch);
  const grown: T[] = [];
  for (let t = 0; t < count; t++) {
    grown.push(grow(new Random(deriveSeed(seed, t))));
    await pace.step((t + 1) / count);
  }
  return grown;
}

function growTree(X: Matrix, drawn: number, random: Random): Tree {
  const rows = rowsWithoutRepetition(X.rows, drawn, random);
  const nodes = new TreeNodeList();
  const columns = Int32Array.from({ length: X.columns }, (_, j) => j);
  const deepest = Math.ceil(Math.log2(drawn));
  const grow = (from: number, to: number, depth: number): void => {
    const size = to - from;
    const split = depth < deepest && size > 1
      ? drawSplit(X, rows, from, to, columns, random)
      : undefined;
    if (split === undefined) return nodes.leaf(depth + averagePathLength(size), size);
    const parent = nodes.split(split.feature, split.threshold, split.missingLeft, size);
    const middle = partition(X, rows, from, to, split);
    grow(from, middle, depth + 1);
    nodes.rightIsNext(parent);
    grow(middle, to, depth + 1);
  };
  grow(0, drawn, 0);
  return nodes.finish();
}

/** A random split. */
interface RandomSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
}

/** A random column that differs among the rows, and a random place within its range; undefined if all are alike. */
function drawSplit(
  X: Matrix,
  rows: Int32Array,
  from: number,
  to: number,
  columns: Int32Array,
  random: Random,
): RandomSplit | undefined {
  for (let left = columns.length; left > 0; left--) {
    const at = random.int(left);
    const feature = columns[at];
    columns[at] = columns[left - 1];
    columns[left - 1] = feature;
    const start = feature * X.rows;
    let [low, high, missing] = [Infinity, -Infinity, false];
    for (let i = from; i < to; i++) {
      const value = X.data[start + rows[i]];
      if (value < low) low = value;
      if (value > high) high = value;
      if (value !== value) missing = true;
    }
    if (!(low < high)) continue;
    const drawn = Math.fround(random.uniform(low, high));
    const missingLeft = missing && random.int(2) === 1;
    // At the highest value nothing would go right.
    return { feature, threshold: drawn < high ? drawn : low, missingLeft };
  }
  return undefined;
}

/** Moves the rows that go left before those that go right; gives where these begin. */
function partition(
  X: Matrix,
  rows: Int32Array,
  from: number,
  to: number,
  { feature, threshold, missingLeft }: RandomSplit,
): number {
  const start = feature * X.rows;
  let middle = from;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    const value = X.data[start + row];
    if (value !== value ? !missingLeft : value > threshold) continue;
    rows[i] = rows[middle];
    rows[middle++] = row;
  }
  return middle;
}
