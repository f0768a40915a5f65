/** From single grown trees to one ensemble. */

import { joinSets } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";

/**
 * One grown tree: the node arrays of {@link TreeEnsemble} with nodes and leaf
 * rows counted from 0. Nodes come in depth-first order, the root first and each
 * left child right after its parent: rows that go the same way read memory in
 * order, which makes prediction faster than breadth-first order.
 */
export type Tree = Pick<
  TreeEnsemble,
  "feature" | "threshold" | "left" | "right" | "missingLeft" | "sets" | "cover" | "leaves"
>;

/** What an ensemble says beside its nodes. */
export type EnsembleShape = Pick<
  TreeEnsemble,
  "features" | "outputs" | "leafWidth" | "treeOutput" | "base" | "scale" | "link"
>;

/**
 * Joins `trees` in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const stump = {
 *   feature: Int32Array.of(0, -1, -1),
 *   threshold: Float32Array.of(0.5, 0, 0),
 *   left: Int32Array.of(1, 0, 1),
 *   right: Int32Array.of(2, 0, 0),
 *   missingLeft: Uint8Array.of(1, 0, 0),
 *   cover: Float32Array.of(4, 3, 1),
 *   leaves: Float32Array.of(-1, 2),
 * };
 * const ensemble = concatTrees([stump, stump], {
 *   features: 1,
 *   outputs: 1,
 *   leafWidth: 1,
 *   treeOutput: new Int32Array(0),
 *   base: Float32Array.of(0),
 *   scale: 1,
 *   link: "identity",
 * });
 * assertEquals([...ensemble.roots], [0, 3]);
 * assertEquals([...ensemble.left], [1, 0, 1, 4, 2, 3]);
 * ```
 */
export function concatTrees(trees: readonly Tree[], shape: EnsembleShape): TreeEnsemble {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const values = trees.reduce((sum, tree) => sum + tree.leaves.length, 0);
  const sets = joinSets(trees);
  const ensemble: TreeEnsemble = {
    ...shape,
    ...sets && { sets },
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    cover: new Float32Array(nodes),
    leaves: new Float32Array(values),
  };
  const { left, right } = ensemble;
  let node = 0;
  let value = 0;
  trees.forEach((tree, t) => {
    ensemble.roots[t] = node;
    ensemble.feature.set(tree.feature, node);
    ensemble.threshold.set(tree.threshold, node);
    ensemble.missingLeft.set(tree.missingLeft, node);
    ensemble.cover.set(tree.cover, node);
    ensemble.leaves.set(tree.leaves, value);
    const leafRow = value / shape.leafWidth;
    for (let n = 0; n < tree.feature.length; n++) {
      // All bits set for a leaf, none for a split: a branch would be mispredicted every other time.
      const leaf = tree.feature[n] >> 31;
      left[node + n] = tree.left[n] + ((leafRow & leaf) | (node & ~leaf));
      right[node + n] = (tree.right[n] + node) & ~leaf;
    }
    node += tree.feature.length;
    value += tree.leaves.length;
  });
  return ensemble;
}
