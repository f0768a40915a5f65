/** Shapley values of the features in one tree for many rows, looked up in tables. */

import { type FeatureColumns, goesLeft, type TreeEnsemble } from "../trees/mod.ts";
import { gaussLegendre, type Quadrature } from "./quadrature.ts";
import type { TreePaths } from "./tree_paths.ts";

/** Most features on a path: a leaf has an entry for each way to pass or fail their tests. */
const mostFeatures = 10;

/** Rows for each such way from which tables pay. */
const rowsPerEntry = 4;

/** What the path to a leaf asks of one feature. */
interface Asked {
  readonly feature: number;
  /** Share of the training weight that passes. */
  readonly share: number;
  /** Bits of an index that are to be 1, and those that are to be 0. */
  readonly ones: number;
  readonly zeros: number;
}

/** A subtree; an index of some bits tells which of its tests, and of those above, a row passes. */
interface Subtree {
  readonly bits: number;
  /** Of each of its tests the node; their bits are the last ones. */
  readonly nodes: readonly number[];
  readonly leaves: readonly { readonly row: number; readonly path: readonly Asked[] }[];
}

/**
 * Explains many rows by one tree.
 *
 * What features add in a leaf depends on a row only by which of the features on the path it
 * passes; see {@link TreeExplainer}. A table has it for each such pattern, and the leaves of a
 * small subtree share one: a row costs an addition for each feature of it instead of integrals.
 *
 * Source: Yang (2021), "Fast TreeSHAP", version 2; subtrees and the quadrature are added.
 */
export class TableExplainer {
  readonly #trees: TreeEnsemble;
  readonly #tree: TreePaths;
  readonly #mostBits: number;
  /** Tests below each node, and at it. */
  readonly #tests: Int32Array;

  private constructor(trees: TreeEnsemble, tree: TreePaths) {
    this.#trees = trees;
    this.#tree = tree;
    this.#mostBits = Math.max(tree.pathFeatures + 1, 7);
    const { feature, left, right } = tree;
    this.#tests = new Int32Array(feature.length);
    const count = (node: number): number => {
      if (feature[node] < 0) return 0;
      return this.#tests[node] = 1 + count(left[node]) + count(right[node]);
    };
    count(0);
  }

  /** An explainer by a tree of an ensemble; undefined if tables do not pay for `rows` rows. */
  static of(trees: TreeEnsemble, tree: TreePaths, rows: number): TableExplainer | undefined {
    const { pathFeatures } = tree;
    if (pathFeatures > mostFeatures || rows < rowsPerEntry * 2 ** pathFeatures) return undefined;
    return new TableExplainer(trees, tree);
  }

  /**
   * Adds the Shapley values of rows `from` to `to − 1` of `X`, times the trees' scale.
   *
   * @param sums Output by output and feature by feature, shape [outputs × features × (to − from)].
   * @param first The output that the first value of a leaf scores.
   */
  addShapValues(
    X: FeatureColumns,
    from: number,
    to: number,
    sums: Float64Array,
    first: number,
  ): void {
    const { feature, left, right, share, depth: levels } = this.#tree;
    const rows = to - from;
    // Which features of the path each row passes, by depth.
    const passed = Array.from({ length: levels }, () => new Uint16Array(rows));
    const index = new Uint16Array(rows);
    const outcome = new Uint8Array(rows);
    const path: Asked[] = [];
    const visit = (node: number, depth: number): void => {
      if (path.length + this.#tests[node] <= this.#mostBits) {
        const subtree = this.#subtreeAt(node, path);
        index.set(passed[depth]);
        subtree.nodes.forEach((test, i) => {
          const bit = path.length + i;
          this.#test(X, from, test, outcome);
          for (let r = 0; r < rows; r++) index[r] |= outcome[r] << bit;
        });
        this.#look(subtree, index, sums, first);
        return;
      }
      const tested = feature[node];
      const place = path.findIndex((asked) => asked.feature === tested);
      const bit = place < 0 ? path.length : place;
      for (const child of [left[node], right[node]]) {
        this.#test(X, from, node, outcome);
        const wanted = Number(child === left[node]);
        const [above, below] = [passed[depth], passed[depth + 1]];
        // The tests above on the same feature are part of this one.
        const fails = place < 0 ? 0 : 1 << bit;
        const passes = place < 0 ? 1 << bit : 0;
        for (let r = 0; r < rows; r++) {
          const was = above[r];
          below[r] = outcome[r] === wanted ? was | passes : was & ~fails;
        }
        const before = path[bit];
        path[bit] = { feature: tested, share: share[child], ones: 1 << bit, zeros: 0 };
        visit(child, depth + 1);
        if (before) path[bit] = before;
        else path.pop();
      }
    };
    if (feature[0] >= 0) visit(0, 0);
  }

  /** 1 for each row that goes left at a node. */
  #test(X: FeatureColumns, from: number, node: number, outcome: Uint8Array): void {
    const { feature, threshold, missingLeft, sets } = this.#tree;
    const start = feature[node] * X.rows + from;
    const values = X.data.subarray(start, start + outcome.length);
    const limit = threshold[node];
    if (sets !== undefined && sets.of[node] >= 0) {
      values.forEach((value, r) => outcome[r] = Number(goesLeft(this.#tree, node, value)));
    } else if (missingLeft[node] === 1) {
      for (let r = 0; r < values.length; r++) outcome[r] = Number(!(values[r] > limit));
    } else {
      for (let r = 0; r < values.length; r++) outcome[r] = Number(values[r] <= limit);
    }
  }

  /** The subtree at a node, below the path to it. */
  #subtreeAt(root: number, path: readonly Asked[]): Subtree {
    const { feature, left, right, share } = this.#tree;
    const nodes: number[] = [];
    const leaves: { row: number; path: readonly Asked[] }[] = [];
    const visit = (node: number, asked: readonly Asked[]): void => {
      if (feature[node] < 0) {
        leaves.push({ row: left[node], path: asked });
        return;
      }
      const bit = 1 << (path.length + nodes.length);
      nodes.push(node);
      for (const child of [left[node], right[node]]) {
        const before = asked.find((one) => one.feature === feature[node]);
        const goesLeft = child === left[node];
        const now: Asked = {
          feature: feature[node],
          share: share[child],
          ones: (before?.ones ?? 0) | (goesLeft ? bit : 0),
          zeros: (before?.zeros ?? 0) | (goesLeft ? 0 : bit),
        };
        visit(child, [...asked.filter((one) => one !== before), now]);
      }
    };
    visit(root, path);
    return { bits: path.length + nodes.length, nodes, leaves };
  }

  /** Adds to each row what its index says in the tables of a subtree. */
  #look(subtree: Subtree, index: Uint16Array, sums: Float64Array, first: number): void {
    const { features, leafWidth } = this.#trees;
    const rows = index.length;
    for (const [feature, table] of this.#tablesOf(subtree)) {
      for (let k = 0; k < leafWidth; k++) {
        const ofOutput = table.subarray(k << subtree.bits, (k + 1) << subtree.bits);
        const at = ((first + k) * features + feature) * rows;
        const added = sums.subarray(at, at + rows);
        for (let r = 0; r < rows; r++) added[r] += ofOutput[index[r]];
      }
    }
  }

  /** Of each feature what it adds in all leaves of a subtree, shape [outputs of a leaf × 2^bits]. */
  #tablesOf({ bits, leaves }: Subtree): Map<number, Float64Array> {
    const { leafWidth, leaves: values, scale } = this.#trees;
    const tables = new Map<number, Float64Array>();
    const patterns = new Uint16Array(1 << bits);
    for (const { row, path } of leaves) {
      patterns.fill(0);
      path.forEach(({ ones, zeros }, s) => {
        const told = ones | zeros;
        for (let i = 0; i < patterns.length; i++) {
          patterns[i] |= Number((i & told) === ones) << s;
        }
      });
      const added = addedBy(path.map(({ share }) => share));
      path.forEach(({ feature }, s) => {
        let table = tables.get(feature);
        if (!table) tables.set(feature, table = new Float64Array(leafWidth << bits));
        for (let k = 0; k < leafWidth; k++) {
          const value = scale * values[row * leafWidth + k];
          if (value === 0) continue;
          const ofFeature = added[s];
          const at = k << bits;
          for (let i = 0; i < patterns.length; i++) {
            table[at + i] += value * ofFeature[patterns[i]];
          }
        }
      });
    }
    return tables;
  }
}

/**
 * What each feature on the path to a leaf of value 1 adds, by which of them a row passes: bit s of
 * the pattern tells of the s-th.
 *
 * @param shares Of each feature the share of the training weight that passes.
 */
function addedBy(shares: readonly number[]): Float64Array[] {
  const { points, weights } = quadratureFor(shares.length);
  const others = new Float64Array(1 << Math.max(0, shares.length - 1));
  const [lower, upper] = [new Float64Array(others.length), new Float64Array(others.length)];
  return shares.map((own, s) => {
    // ∫ Π over the others of (t o + (1 − t) z) for all their patterns: the products over half of
    // the features, times those over the other half.
    const rest = shares.toSpliced(s, 1);
    const half = rest.length >> 1;
    const [low, high] = [1 << half, 1 << (rest.length - half)];
    others.fill(0);
    for (let q = 0; q < points.length; q++) {
      multiply(rest, 0, half, points[q], weights[q], lower);
      multiply(rest, half, rest.length, points[q], 1, upper);
      for (let u = 0, at = 0; u < high; u++) {
        const factor = upper[u];
        for (let l = 0; l < low; l++) others[at++] += factor * lower[l];
      }
    }
    const added = new Float64Array(1 << shares.length);
    const below = (1 << s) - 1;
    for (let p = 0; p < others.length; p++) {
      const fails = (p & below) | ((p & ~below) << 1);
      added[fails] = -own * others[p];
      added[fails | (1 << s)] = (1 - own) * others[p];
    }
    return added;
  });
}

/** Products of the factors of features `from` to `to − 1` for all their patterns, times `start`. */
function multiply(
  shares: readonly number[],
  from: number,
  to: number,
  t: number,
  start: number,
  products: Float64Array,
): void {
  products[0] = start;
  let count = 1;
  for (let j = from; j < to; j++) {
    const fails = (1 - t) * shares[j];
    for (let p = 0; p < count; p++) {
      products[count + p] = products[p] * (t + fails);
      products[p] *= fails;
    }
    count *= 2;
  }
}

const quadratures = /* @__MEMO__ */ new Map<number, Quadrature>();

/** The points for paths of so many features. */
function quadratureFor(features: number): Quadrature {
  const count = Math.max(1, Math.ceil(features / 2));
  let quadrature = quadratures.get(count);
  if (!quadrature) quadratures.set(count, quadrature = gaussLegendre(count));
  return quadrature;
}
