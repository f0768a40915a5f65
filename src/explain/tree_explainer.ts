/** Shapley values of the features in one tree for one row. */

import { goesLeft, type TreeEnsemble } from "../trees/mod.ts";
import { gaussLegendre } from "./quadrature.ts";
import { type TreePaths, treePaths } from "./tree_paths.ts";

/**
 * Explains rows by one tree.
 *
 * While a set S of features is known, a tree's value is Σ over leaves of
 * leaf value × Π over features on its path of (1 or 0, as the row passes their
 * tests, if in S; else the training share that passes). The Shapley value of
 * feature i is the mean, over all orders of the features, of what knowing i
 * adds. With o for 1 or 0, z for the share and m features on a leaf's path,
 *
 *   φᵢ = Σ leaves value × (oᵢ − zᵢ) × ∫₀¹ Π over j ≠ i of (t oⱼ + (1 − t) zⱼ) dt,
 *
 * as ∫ tᵃ(1 − t)ᵐ⁻¹⁻ᵃ dt is the weight of coalitions of a features. The
 * integrand is a polynomial of degree m − 1: Gauss-Legendre quadrature with
 * ⌈m / 2⌉ points is exact. The products of all leaves below an edge share its
 * factor, so one walk gives all values in time nodes × points, where the
 * published algorithm needs leaves × depth².
 *
 * Source: Lundberg et al., 2020 (the values, path-dependent); Yu et al., 2022
 * (Linear TreeSHAP, sums over edges).
 */
export class TreeExplainer {
  /** The tree, for other ways to explain by it. */
  readonly tree: TreePaths;
  readonly #leaves: Float32Array;
  /** Outputs that a leaf scores. */
  readonly #width: number;
  readonly #points: Float64Array;
  readonly #weights: Float64Array;
  /** Weight at each point, divided by 1 − t. */
  readonly #unknownWeights: Float64Array;
  /** Products at each point down to a node, by its depth. */
  readonly #products: Float64Array;
  /** Sums of value × product over the leaves below a node, by its depth, shape [outputs × points]. */
  readonly #sums: Float64Array;
  /** 1 if the row passes all tests of a path on the feature that led to the node. */
  readonly #passes: Uint8Array;
  #row: Float32Array = new Float32Array(0);
  #out: Float64Array = new Float64Array(0);

  /** Reads tree `t` of an ensemble. */
  constructor(trees: TreeEnsemble, t: number) {
    this.tree = treePaths(trees, t);
    this.#leaves = trees.leaves;
    this.#width = trees.leafWidth;
    const count = Math.max(1, Math.ceil(this.tree.pathFeatures / 2));
    const { points, weights } = gaussLegendre(count);
    this.#points = points;
    this.#weights = weights;
    this.#unknownWeights = weights.map((weight, q) => weight / (1 - points[q]));
    this.#products = new Float64Array((this.tree.depth + 1) * count).fill(1);
    this.#sums = new Float64Array((this.tree.depth + 1) * count * this.#width);
    this.#passes = new Uint8Array(this.tree.feature.length);
  }

  /**
   * Adds the Shapley values of `row` to `out`.
   *
   * @param row Values of the features, NaN where missing.
   * @param out Shape [features × outputs of a leaf].
   */
  addShapValues(row: Float32Array, out: Float64Array): void {
    if (this.tree.feature[0] < 0) return;
    this.#row = row;
    this.#out = out;
    this.#descend(0, 0);
  }

  /** The mean of the leaf values, weighted by the training rows in each, shape [outputs of a leaf]. */
  expectedValue(): Float64Array {
    const { feature, left, right, share, previous } = this.tree;
    const mean = new Float64Array(this.#width);
    const visit = (node: number, reached: number): void => {
      if (feature[node] < 0) {
        for (let k = 0; k < this.#width; k++) {
          mean[k] += reached * this.#leaves[left[node] * this.#width + k];
        }
        return;
      }
      for (const child of [left[node], right[node]]) {
        const before = previous[child] < 0 ? 1 : share[previous[child]];
        if (share[child] > 0) visit(child, reached * share[child] / before);
      }
    };
    visit(0, 1);
    return mean;
  }

  /** Explains by both subtrees of a node and leaves their sums at its depth. */
  #descend(node: number, depth: number): void {
    const { feature, left, right } = this.tree;
    const isLeft = goesLeft(this.tree, node, this.#row[feature[node]]);
    const size = this.#points.length * this.#width;
    this.#sums.fill(0, depth * size, (depth + 1) * size);
    this.#enter(left[node], isLeft, feature[node], depth);
    this.#enter(right[node], !isLeft, feature[node], depth);
  }

  /** Follows the edge to `node`, explains below it and adds its sums to those of its parent. */
  #enter(node: number, taken: boolean, feature: number, parentDepth: number): void {
    const { share, previous } = this.tree;
    const before = previous[node];
    const passes = taken && (before < 0 || this.#passes[before] === 1);
    this.#passes[node] = passes ? 1 : 0;
    // Neither the row nor any training row comes here: all products are 0.
    if (!passes && share[node] === 0) return;
    this.#multiply(node, passes, before, parentDepth);
    if (this.tree.feature[node] >= 0) {
      this.#descend(node, parentDepth + 1);
      this.#explainNode(node, passes, feature, parentDepth + 1, 1);
      if (before >= 0) {
        this.#explainNode(before, this.#passes[before] === 1, feature, parentDepth + 1, -1);
      }
      this.#passSumsUp(parentDepth);
    } else {
      this.#explainLeaf(node, node, passes, feature, parentDepth + 1, 1);
      if (before >= 0) {
        const passed = this.#passes[before] === 1;
        this.#explainLeaf(node, before, passed, feature, parentDepth + 1, -1);
      }
      this.#passLeafUp(node, parentDepth);
    }
  }

  /** The products of `node`: those above, with the factor of its feature put in. */
  #multiply(node: number, passes: boolean, before: number, parentDepth: number): void {
    const points = this.#points;
    const products = this.#products;
    const share = this.tree.share[node];
    const from = parentDepth * points.length;
    const to = from + points.length;
    const known = passes ? 1 : 0;
    for (let q = 0; q < points.length; q++) {
      products[to + q] = products[from + q] * (points[q] * known + (1 - points[q]) * share);
    }
    if (before < 0) return;
    // The tests above on the same feature are part of this one: out with their factor.
    const shareBefore = this.tree.share[before];
    const knownBefore = this.#passes[before];
    for (let q = 0; q < points.length; q++) {
      products[to + q] /= points[q] * knownBefore + (1 - points[q]) * shareBefore;
    }
  }

  /**
   * What the feature that led to `edge` adds in all leaves below, times `sign`.
   * A deeper edge of the same feature takes back what its leaves were given
   * with the factor of the edge above.
   */
  #explainNode(edge: number, passes: boolean, feature: number, depth: number, sign: number): void {
    const count = this.#points.length;
    const width = this.#width;
    for (let k = 0; k < width; k++) {
      const start = (depth * width + k) * count;
      const gain = this.#integrate(edge, passes, this.#sums, start);
      this.#out[feature * width + k] += sign * gain;
    }
  }

  /** The same for a single leaf, whose values share one integral. */
  #explainLeaf(
    leaf: number,
    edge: number,
    passes: boolean,
    feature: number,
    depth: number,
    sign: number,
  ): void {
    const width = this.#width;
    const gain = sign * this.#integrate(edge, passes, this.#products, depth * this.#points.length);
    const values = this.tree.left[leaf] * width;
    for (let k = 0; k < width; k++) {
      this.#out[feature * width + k] += gain * this.#leaves[values + k];
    }
  }

  /** (o − z) × the integral of what stands from `start` on, without the factor of `edge`. */
  #integrate(edge: number, passes: boolean, values: Float64Array, start: number): number {
    const points = this.#points;
    const share = this.tree.share[edge];
    let sum = 0;
    if (!passes) {
      // (0 − z) / ((1 − t) z): the share cancels.
      const weights = this.#unknownWeights;
      for (let q = 0; q < points.length; q++) sum -= weights[q] * values[start + q];
      return sum;
    }
    const weights = this.#weights;
    for (let q = 0; q < points.length; q++) {
      sum += weights[q] * values[start + q] / (points[q] + (1 - points[q]) * share);
    }
    return (1 - share) * sum;
  }

  #passSumsUp(parentDepth: number): void {
    const size = this.#points.length * this.#width;
    const to = parentDepth * size;
    for (let s = 0; s < size; s++) this.#sums[to + s] += this.#sums[to + size + s];
  }

  #passLeafUp(leaf: number, parentDepth: number): void {
    const count = this.#points.length;
    const from = (parentDepth + 1) * count;
    const values = this.tree.left[leaf] * this.#width;
    for (let k = 0; k < this.#width; k++) {
      const to = (parentDepth * this.#width + k) * count;
      const value = this.#leaves[values + k];
      for (let q = 0; q < count; q++) this.#sums[to + q] += value * this.#products[from + q];
    }
  }
}
