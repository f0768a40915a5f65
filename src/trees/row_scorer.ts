/** Sums of leaf values for one row at a time: what a server asks for. */

import type { TreeEnsemble } from "./ensemble.ts";
import {
  codeBits,
  nextNode,
  type NodeTable,
  nodeTable,
  orderedBits,
  stayAtLeaf,
} from "./node_table.ts";

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
 * writes the score of each output, shape [outputs], in Float64 for numbers that
 * may lie far from 0.
 */
export function rowScorer(
  { splits, roots, coded, leaves, features, outputs, leafWidth, treeOutput, base, scale }: RowTrees,
): (row: Float32Array, scores: Float32Array | Float64Array) => void {
  const factor = Math.fround(scale);
  const values = new Int32Array(features);
  const sums = new Float32Array(outputs);
  /** The leaf row that the row reaches in each tree. */
  const found = new Int32Array(roots.length);

  const leafOf = (root: number) => {
    let node = root;
    while (node >= 0) node = nextNode(splits, node, values, 0);
    return -1 - node;
  };

  /** Four trees from `t` on, none of one leaf: the processor waits for the memory of all of them together. */
  const leavesOf = (t: number) => {
    let nextA = roots[t];
    let nextB = roots[t + 1];
    let nextC = roots[t + 2];
    let nextD = roots[t + 3];
    let a = nextA;
    let b = nextB;
    let c = nextC;
    let d = nextD;
    while ((nextA & nextB & nextC & nextD) >= 0) {
      a = stayAtLeaf(a, nextA);
      b = stayAtLeaf(b, nextB);
      c = stayAtLeaf(c, nextC);
      d = stayAtLeaf(d, nextD);
      nextA = nextNode(splits, a, values, 0);
      nextB = nextNode(splits, b, values, 0);
      nextC = nextNode(splits, c, values, 0);
      nextD = nextNode(splits, d, values, 0);
    }
    found[t] = -1 - nextA;
    found[t + 1] = -1 - nextB;
    found[t + 2] = -1 - nextC;
    found[t + 3] = -1 - nextD;
  };

  return (row, scores) => {
    const bits = new Int32Array(row.buffer, row.byteOffset, features);
    for (let j = 0; j < features; j++) values[j] = orderedBits(bits[j]);
    for (const j of coded) values[j] = codeBits(row[j], bits[j]);
    for (let t = 0; t < roots.length;) {
      const four = t + 4 <= roots.length &&
        (roots[t] | roots[t + 1] | roots[t + 2] | roots[t + 3]) >= 0;
      if (four) leavesOf(t);
      else found[t] = leafOf(roots[t]);
      t += four ? 4 : 1;
    }
    sums.fill(0);
    for (let t = 0; t < roots.length; t++) {
      const leaf = found[t] * leafWidth;
      const first = leafWidth === outputs ? 0 : treeOutput[t];
      for (let v = 0; v < leafWidth; v++) sums[first + v] += leaves[leaf + v];
    }
    for (let k = 0; k < outputs; k++) scores[k] = Math.fround(sums[k] * factor) + base[k];
  };
}
