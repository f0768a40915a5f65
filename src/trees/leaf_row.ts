/** Which leaf one row reaches in one tree. */

import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";

/**
 * The row of `trees.leaves` that row `row` of `X` reaches in tree `tree`. To
 * score many rows `scores` is several times faster.
 *
 * @param trees A valid ensemble.
 * @param X Rows with the columns that the trees were grown on.
 */
export function leafRow(
  { roots, feature, threshold, left, right, missingLeft }: TreeEnsemble,
  tree: number,
  X: FeatureColumns,
  row: number,
): number {
  let node = roots[tree];
  while (feature[node] >= 0) {
    const value = X.data[feature[node] * X.rows + row];
    const goesLeft = value !== value ? missingLeft[node] === 1 : value <= threshold[node];
    node = goesLeft ? left[node] : right[node];
  }
  return left[node];
}
