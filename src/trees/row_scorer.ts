/** Sums of leaf values for one row at a time: what a server asks for. */

import type { TreeEnsemble } from "./ensemble.ts";
import { type NodeTable, nodeTable, orderedBits } from "./node_table.ts";

/** What scoring single rows needs of an ensemble: plain data, the bulk of it in shared memory. */
export type RowTrees =
  & NodeTable
  & Pick<TreeEnsemble, "features" | "outputs" | "leafWidth" | "treeOutput" | "base" | "scale">;

/** Prepares a valid ensemble for {@linkcode rowScorer}, in whichever thread has the time for it. */
export function rowTrees(trees: TreeEnsemble): RowTrees {
  const { features, outputs, leafWidth, treeOutput, base, scale } = trees;
  return { ...nodeTable(trees), features, outputs, leafWidth, treeOutput, base, scale };
}

/**
 * Makes what scores single rows: the numbers that {@linkcode scores} gives for
 * the same row. Nothing is allocated for a row.
 *
 * @returns A function of a row's values, shape [features], NaN for missing; it
 * writes the score of each output, shape [outputs].
 */
export function rowScorer(
  { splits, roots, leaves, features, outputs, leafWidth, treeOutput, base, scale }: RowTrees,
): (row: Float32Array, scores: Float32Array) => void {
  const factor = Math.fround(scale);
  const values = new Int32Array(features);

  const leafOf = (root: number) => {
    let node = root;
    while (node >= 0) {
      const test = splits[node + 1];
      const value = (values[test >> 1] + (test & 1)) | 0;
      node = splits[node + 2 + Number(value <= splits[node])];
    }
    return -1 - node;
  };

  return (row, scores) => {
    const bits = new Int32Array(row.buffer, row.byteOffset, features);
    for (let j = 0; j < features; j++) values[j] = orderedBits(bits[j]);
    scores.fill(0);
    for (let t = 0; t < roots.length; t++) {
      const leaf = leafOf(roots[t]) * leafWidth;
      const first = leafWidth === outputs ? 0 : treeOutput[t];
      for (let v = 0; v < leafWidth; v++) scores[first + v] += leaves[leaf + v];
    }
    for (let k = 0; k < outputs; k++) scores[k] = Math.fround(scores[k] * factor) + base[k];
  };
}
