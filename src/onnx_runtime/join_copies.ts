/** The copies that the operator needs of a forest's tree, joined to that tree again. */

import { sameSet, type Tree } from "../trees/mod.ts";

/**
 * Adds the leaves of each tree to those of an earlier one that has all its
 * splits at the same places, if there is one: their sum is the same, and only
 * one of them has to be walked through.
 *
 * @param leafWidth Values of each leaf.
 * @returns The trees that are left, in their order.
 */
export function joinCopies(trees: readonly Tree[], leafWidth: number): Tree[] {
  const left: Tree[] = [];
  const byRoot = new Map<string, Tree[]>();
  for (const tree of trees) {
    const root = `${tree.feature[0]} ${tree.threshold[0]} ${tree.missingLeft[0]}`;
    const alike = byRoot.get(root) ?? [];
    if (alike.some((whole) => joined(whole, tree, leafWidth))) continue;
    byRoot.set(root, [...alike, tree]);
    left.push(tree);
  }
  return left;
}

/** Adds the leaves of `copy` to those of `whole`, unless its splits differ. */
function joined(whole: Tree, copy: Tree, leafWidth: number): boolean {
  const rows: [row: number, ofCopy: number][] = [];
  const matches = (node: number, own: number): boolean => {
    if (copy.feature[own] < 0) {
      if (whole.feature[node] < 0) {
        rows.push([whole.left[node], copy.left[own]]);
        return true;
      }
      // Whole trees go on where a copy has nothing more to add.
      const from = copy.left[own] * leafWidth;
      return copy.leaves.subarray(from, from + leafWidth).every((value) => value === 0);
    }
    return whole.feature[node] === copy.feature[own] &&
      whole.threshold[node] === copy.threshold[own] &&
      whole.missingLeft[node] === copy.missingLeft[own] &&
      sameSet(whole.sets, node, copy.sets, own) &&
      matches(whole.left[node], copy.left[own]) && matches(whole.right[node], copy.right[own]);
  };
  if (!matches(0, 0)) return false;
  for (const [row, ofCopy] of rows) {
    for (let v = 0; v < leafWidth; v++) {
      whole.leaves[row * leafWidth + v] += copy.leaves[ofCopy * leafWidth + v];
    }
  }
  return true;
}
