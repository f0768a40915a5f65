/** Which leaf one row reaches in one tree. */

import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";
import { goesLeft } from "./goes_left.ts";

/**
 * The row of `trees.leaves` that row `row` of `X` reaches in tree `tree`. To
 * score many rows `scores` is several times faster.
 *
 * @param trees A valid ensemble.
 * @param X Rows with the columns that the trees were grown on.
 */
export function leafRow(
  trees: TreeEnsemble,
  tree: number,
  X: FeatureColumns,
  row: number,
): number {
  const { roots, feature, left, right } = trees;
  let node = roots[tree];
  while (feature[node] >= 0) {
    const value = X.data[feature[node] * X.rows + row];
    node = goesLeft(trees, node, value) ? left[node] : right[node];
  }
  return left[node];
}
