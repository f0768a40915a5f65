/** What Shapley values need to know of one tree, whatever the row. */

import type { CategorySets, TreeEnsemble } from "../trees/mod.ts";

/**
 * One tree with its nodes numbered from 0 at the root, and for each node what
 * led to it. Where the path to a node tests its feature more than once, the
 * tests count as one: a row passes it if it passes all.
 */
export interface TreePaths {
  /** Feature tested at each node, −1 at a leaf. */
  readonly feature: Int32Array;
  /** Threshold of each test. */
  readonly threshold: Float32Array;
  /** 1 if a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Sets of categories of the nodes that ask for one. */
  readonly sets?: CategorySets;
  /** Child if the test holds; at a leaf the row of leaf values. */
  readonly left: Int32Array;
  /** Child if the test does not hold. */
  readonly right: Int32Array;
  /**
   * Share of the training weight that passes all tests of the path on the
   * feature that leads to the node: what a row passes on average while that
   * feature is unknown.
   */
  readonly share: Float64Array;
  /** The last node above that the same feature led to, −1 if there is none. */
  readonly previous: Int32Array;
  /** Nodes on the longest path. */
  readonly depth: number;
  /** Distinct features on the path that has most of them. */
  readonly pathFeatures: number;
}

/** Reads tree `t` of an ensemble. */
export function treePaths(trees: TreeEnsemble, t: number): TreePaths {
  const start = trees.roots[t];
  const end = t + 1 < trees.roots.length ? trees.roots[t + 1] : trees.feature.length;
  const feature = trees.feature.slice(start, end);
  const fromRoot = (nodes: Int32Array) => nodes.slice(start, end).map((node) => node - start);
  const left = fromRoot(trees.left).map((child, n) => feature[n] < 0 ? child + start : child);
  const right = fromRoot(trees.right);
  const share = new Float64Array(feature.length);
  const previous = new Int32Array(feature.length).fill(-1);
  let depth = 0;
  let pathFeatures = 0;
  /** For each feature on the path, the last node that it led to. */
  const last = new Map<number, number>();
  const visit = (node: number, level: number): void => {
    depth = Math.max(depth, level);
    const tested = feature[node];
    if (tested < 0) {
      pathFeatures = Math.max(pathFeatures, last.size);
      return;
    }
    const before = last.get(tested) ?? -1;
    for (const child of [left[node], right[node]]) {
      const cover = trees.cover[start + node];
      const passes = cover > 0 ? trees.cover[start + child] / cover : 0;
      share[child] = passes * (before < 0 ? 1 : share[before]);
      previous[child] = before;
      last.set(tested, child);
      visit(child, level + 1);
    }
    if (before < 0) last.delete(tested);
    else last.set(tested, before);
  };
  visit(0, 1);
  const threshold = trees.threshold.subarray(start, end);
  const missingLeft = trees.missingLeft.subarray(start, end);
  const sets = trees.sets && { ...trees.sets, of: trees.sets.of.subarray(start, end) };
  return {
    ...{ feature, threshold, missingLeft, left, right, share, previous, depth, pathFeatures },
    ...sets && { sets },
  };
}
