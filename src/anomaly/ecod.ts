/** ECOD: rows that lie far out in the tails of their columns are unusual. */

import { YieldingLoop } from "../base/mod.ts";
import { column, type Matrix } from "../dataset/mod.ts";
import { concatTrees, type Tree, type TreeEnsemble } from "../trees/mod.ts";
import { checkRows } from "./check_rows.ts";
import type { Detector } from "./contract.ts";
import { TreeNodeList } from "./tree_nodes.ts";

/** A fitted ECOD. */
export interface Ecod {
  /** Tells detectors apart. */
  readonly kind: "Ecod";
  /** One tree for each column, whose leaves are the column's tail terms; they sum to the score. */
  readonly trees: TreeEnsemble;
}

/** Distinct values of a column that are kept as they are; of more, terms that hardly differ are joined. */
const EXACT = 4096;

/** What joined terms may differ by. */
const JOINED = 0.002;

const highestFloat32 = 3.4028234663852886e38;

/**
 * Outliers by empirical cumulative distributions, without parameters. The score of a row is the
 * sum over its columns of −log of the tail that the value lies in; of the tails that
 * pyod 3.6 weighs, the highest term counts. A value between two that were seen is taken for the
 * nearest, a missing one adds what is usual. Of a column with more than 4,096 distinct values
 * terms within 0.002 are joined.
 *
 * Source: Li et al., ECOD (2022); pyod `ECOD`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictNumbers } from "../trees/mod.ts";
 * const X = matrixFromRows([...Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]), [90, 80]]);
 * const { trees } = await ecod().fit(X, { seed: 1 });
 * const scores = await predictNumbers(trees, X);
 * assert(scores[50] === Math.max(...scores));
 * ```
 */
export function ecod(): Detector<Ecod> {
  return {
    name: "Ecod",
    params: {},
    async fit(X, { signal, onProgress }) {
      checkRows("ecod", X, "kept");
      const pace = new YieldingLoop({ signal, onProgress });
      const grown: Tree[] = [];
      for (let j = 0; j < X.columns; j++) {
        grown.push(treeOfSteps(j, joinSteps(tailSteps(X, j))));
        await pace.step((j + 1) / X.columns);
      }
      return {
        kind: "Ecod",
        trees: concatTrees(grown, {
          features: X.columns,
          outputs: 1,
          leafWidth: 1,
          treeOutput: new Int32Array(0),
          base: Float64Array.of(0),
          scale: 1,
          link: "identity",
        }),
      };
    },
  };
}

/** The terms of a column from its lowest value to its highest. */
interface Steps {
  /** Lowest value of each step, rising. */
  readonly values: number[];
  /** Highest value of each step. */
  readonly ends: number[];
  /** Rows in each. */
  readonly counts: number[];
  /** Term of each. */
  readonly terms: number[];
}

function tailSteps(X: Matrix, j: number): Steps {
  const sorted = Float32Array.from(column(X, j)).filter((value) => value === value).sort();
  const n = sorted.length;
  const steps: Steps = { values: [], ends: [], counts: [], terms: [] };
  const lean = Math.sign(skewness(sorted));
  for (let from = 0; from < n;) {
    let to = from + 1;
    while (to < n && sorted[to] === sorted[from]) to++;
    const left = -Math.log(to / n);
    const right = -Math.log((n - from) / n);
    // Symmetric columns have both tails; else the longer one counts, and never less than either.
    const leaning = -left * Math.sign(lean - 1) + right * Math.sign(lean + 1);
    steps.values.push(sorted[from]);
    steps.ends.push(sorted[from]);
    steps.counts.push(to - from);
    steps.terms.push(Math.max(left, right, leaning));
    from = to;
  }
  return steps;
}

/** Biased sample skewness, 0 for a constant column, as SciPy. */
function skewness(values: ArrayLike<number>): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let [second, third] = [0, 0];
  for (let i = 0; i < n; i++) {
    const distance = values[i] - mean;
    second += distance ** 2 / n;
    third += distance ** 3 / n;
  }
  return second > 0 ? third / second ** 1.5 : 0;
}

/** Joins neighbours whose terms hardly differ, where there are many. */
function joinSteps(steps: Steps): Steps {
  const { values, counts, terms } = steps;
  if (values.length <= EXACT) return steps;
  const joined: Steps = { values: [], ends: [], counts: [], terms: [] };
  for (let from = 0; from < values.length;) {
    let [low, high, to, rows, sum] = [terms[from], terms[from], from, 0, 0];
    while (to < values.length) {
      [low, high] = [Math.min(low, terms[to]), Math.max(high, terms[to])];
      if (high - low > JOINED) break;
      rows += counts[to];
      sum += counts[to] * terms[to];
      to++;
    }
    joined.values.push(values[from]);
    joined.ends.push(values[to - 1]);
    joined.counts.push(rows);
    joined.terms.push(sum / rows);
    from = to;
  }
  return joined;
}

/** A balanced tree that looks the term of a value up; its first split parts missing values. */
function treeOfSteps(feature: number, { values, ends, counts, terms }: Steps): Tree {
  const nodes = new TreeNodeList();
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows === 0) {
    nodes.leaf(0, 0);
    return nodes.finish();
  }
  const usual = terms.reduce((sum, term, k) => sum + term * counts[k], 0) / rows;
  const covers = [0];
  for (const count of counts) covers.push(covers.at(-1)! + count);
  const search = (from: number, to: number): void => {
    if (to - from === 1) return nodes.leaf(terms[from], counts[from]);
    const middle = (from + to) >> 1;
    const [below, above] = [ends[middle - 1], values[middle]];
    const between = Math.fround(below + (above - below) / 2);
    const threshold = between < above ? between : below;
    const parent = nodes.split(feature, threshold, false, covers[to] - covers[from]);
    search(from, middle);
    nodes.rightIsNext(parent);
    search(middle, to);
  };
  const root = nodes.split(feature, highestFloat32, false, rows);
  search(0, values.length);
  nodes.rightIsNext(root);
  nodes.leaf(usual, 0);
  return nodes.finish();
}
