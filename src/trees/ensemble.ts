/** The one layout of fitted trees: grown by learners, read by everything else. */

import type { CategorySets } from "./category_sets.ts";

/**
 * Decision trees as flat arrays of nodes. Node `n` sends a row to `left[n]`
 * where its value of `feature[n]` is at most `threshold[n]`, else to
 * `right[n]`; a missing value (NaN) goes left where `missingLeft[n]` is 1. A
 * leaf has `feature[n]` −1 and its values in row `left[n]` of `leaves`.
 *
 * A node of a column of categories sends left those of its set instead, and all
 * else right: other categories, unknown ones and missing values, as LightGBM
 * does. A column is one or the other in all nodes.
 *
 * The score of output k is `base[k] + scale × Σ leaf values`, summed over the
 * trees that feed k; `link` turns scores into probabilities or predictions.
 */
export interface TreeEnsemble {
  /** Number of columns of the matrix that the trees read. */
  readonly features: number;
  /** Number of scores: classes, or 1 for regression and binary boosting. */
  readonly outputs: number;
  /** Node index of each tree's root, shape [trees], rising. */
  readonly roots: Int32Array;
  /** Feature tested at each node, −1 at a leaf, shape [nodes]. */
  readonly feature: Int32Array;
  /** Threshold of each split, shape [nodes]. */
  readonly threshold: Float32Array;
  /** Node where the test holds; at a leaf the row of `leaves`; shape [nodes]. */
  readonly left: Int32Array;
  /** Node where the test does not hold, shape [nodes]. */
  readonly right: Int32Array;
  /** 1 if a missing value goes left, shape [nodes]. */
  readonly missingLeft: Uint8Array;
  /** Categories that go left at nodes that ask for them; absent if none does. */
  readonly sets?: CategorySets;
  /** Total weight of the training rows that reached each node, shape [nodes]. */
  readonly cover: Float32Array;
  /** Leaf values, shape [leaf rows × leafWidth]. */
  readonly leaves: Float32Array;
  /** `outputs` if each leaf scores all outputs (forest), 1 if each tree feeds one. */
  readonly leafWidth: number;
  /** The output that each tree feeds, shape [trees]; empty if `leafWidth` equals `outputs`. */
  readonly treeOutput: Int32Array;
  /**
   * Score of each output before any tree, shape [outputs]: Float64 where scores
   * are numbers that may lie far from 0.
   */
  readonly base: Float32Array | Float64Array;
  /** Factor on the summed leaf values: 1 / trees for a forest, 1 for boosting. */
  readonly scale: number;
  /**
   * From scores to predictions: as they are, softmax over outputs, or of one output the logistic
   * function, e to the power of the score of a regression, or two to it as isolation forests have it.
   */
  readonly link: "identity" | "softmax" | "logistic" | "exp" | "exp2";
}
