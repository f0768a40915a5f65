/** What each column adds to a row's score, read off the way that the row takes through the trees. */

import { isMember } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";

/** What {@linkcode pathReasons} needs of an ensemble of one output: plain data in shared memory. */
export type ReasonTrees =
  & Pick<
    TreeEnsemble,
    "features" | "roots" | "feature" | "threshold" | "left" | "right" | "missingLeft" | "sets"
  >
  & {
    /** Mean scaled leaf value of the training rows below each node, shape [nodes]. */
    readonly expected: Float32Array<SharedArrayBuffer>;
  };

/** Prepares a valid ensemble of one output, in whichever thread has the time for it. */
export function reasonTrees(trees: TreeEnsemble): ReasonTrees {
  const { features, roots, feature, threshold, left, right, missingLeft, sets } = trees;
  const { cover, leaves, scale } = trees;
  const expected = new Float32Array(new SharedArrayBuffer(4 * feature.length));
  // Children come after their parents, so going backwards meets them first.
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] < 0) {
      expected[node] = scale * leaves[left[node]];
      continue;
    }
    const [yes, no] = [left[node], right[node]];
    const rows = cover[yes] + cover[no];
    const share = rows > 0 ? cover[yes] / rows : 0.5;
    expected[node] = share * expected[yes] + (1 - share) * expected[no];
  }
  return {
    ...{ features, roots, feature, threshold, left, right, missingLeft, expected },
    ...sets && { sets },
  };
}

/**
 * Makes what tells the part of each column in a row's score, before its link: at each split that
 * the row passes, the column that it asks is credited with the change of the mean score below.
 * The parts of a row add up to its score less the mean score of the training rows.
 *
 * Source: Saabas, Interpreting random forests (2014). Of trees that each ask one column, as
 * those of ECOD, these are Shapley values; of others they favour splits far down, which
 * `treeShap` does not, at a hundred times the cost.
 *
 * @returns A function of a row's values, shape [features], NaN for missing; it writes the part
 * of each column, shape [features].
 */
export function pathReasons(
  trees: ReasonTrees,
): (row: ArrayLike<number>, parts: Float64Array) => void {
  const { roots, feature, threshold, left, right, missingLeft, sets, expected } = trees;
  return (row, parts) => {
    parts.fill(0);
    for (const root of roots) {
      let node = root;
      while (feature[node] >= 0) {
        const value = row[feature[node]];
        const yes = sets !== undefined && sets.of[node] >= 0
          ? isMember(sets, sets.of[node], value)
          : value !== value
          ? missingLeft[node] === 1
          : value <= threshold[node];
        const next = yes ? left[node] : right[node];
        parts[feature[node]] += expected[next] - expected[node];
        node = next;
      }
    }
  };
}
