/** From the arrays of the `TreeEnsemble` operator back to our layout of trees. */

import { categorySets, concatTrees, type Tree, type TreeEnsemble } from "../trees/mod.ts";
import { joinCopies } from "./join_copies.ts";
import { branches, type TreeNodes } from "./tree_layout.ts";

/** What the operator's arrays do not tell. */
type Shape = Pick<TreeEnsemble, "features" | "base" | "scale" | "link">;

/**
 * Reads trees as {@link treeNodes} wrote them, the copies of a forest's tree as
 * one tree again. `cover` is the share of each tree's training weight.
 */
export function readTrees(
  { nodes, outputs }: { readonly nodes: TreeNodes; readonly outputs: number },
  shape: Shape,
): TreeEnsemble {
  const { roots, leafTargets, leafWeights } = nodes;
  const sets = setsOf(nodes);
  const read = Array.from(roots, (root) => readTree(nodes, sets, root));
  const targets = read.map(({ leafIds }) => new Set(leafIds.map((leaf) => leafTargets[leaf])));
  const single = targets.every(({ size }) => size === 1);
  const leafWidth = single ? 1 : outputs;
  const trees = read.map(({ leafIds, ...tree }): Tree => {
    const leaves = new Float32Array(leafIds.length * leafWidth);
    leafIds.forEach((leaf, row) =>
      leaves[row * leafWidth + (single ? 0 : leafTargets[leaf])] = leafWeights[leaf]
    );
    return { ...tree, leaves };
  });
  const treeOutput = leafWidth === outputs
    ? new Int32Array(0)
    : Int32Array.from(targets, (target) => [...target][0]);
  const whole = single ? trees : joinCopies(trees, leafWidth);
  return concatTrees(whole, { ...shape, outputs, leafWidth, treeOutput });
}

/** The members of each set by the node that asks for it. */
function setsOf({ modes, members }: TreeNodes): Map<number, number[]> {
  const sets = new Map<number, number[]>();
  let at = 0;
  modes.forEach((mode, node) => {
    if (mode !== branches.member) return;
    const start = at;
    while (at < members.length && members[at] === members[at]) at++;
    sets.set(node, [...members.subarray(start, at++)]);
  });
  return sets;
}

/** One tree; its leaves as numbers of the operator's leaves. */
function readTree(
  nodes: TreeNodes,
  sets: ReadonlyMap<number, readonly number[]>,
  root: number,
): Omit<Tree, "leaves"> & { leafIds: number[] } {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const cover: number[] = [];
  const leafIds: number[] = [];
  const members: (readonly number[] | undefined)[] = [];
  const add = (weight: number) => {
    cover.push(weight);
    for (const values of [threshold, left, right, missingLeft]) values.push(0);
    return feature.push(-1) - 1;
  };
  const leaf = (id: number, weight: number) => {
    const node = add(weight);
    left[node] = leafIds.push(id) - 1;
    return node;
  };
  const { trueIds, trueLeafs, falseIds, falseLeafs } = nodes;
  const split = (id: number, weight: number): number => {
    const node = add(weight);
    const passing = weight * nodes.trueShares[id];
    feature[node] = nodes.featureIds[id];
    members[node] = sets.get(id);
    threshold[node] = nodes.splits[id];
    missingLeft[node] = nodes.missingTrue[id];
    left[node] = (trueLeafs[id] ? leaf : split)(trueIds[id], passing);
    right[node] = (falseLeafs[id] ? leaf : split)(falseIds[id], weight - passing);
    return node;
  };
  // A tree of one leaf was written as a test whose branches both name it.
  if (trueLeafs[root] && falseLeafs[root] && trueIds[root] === falseIds[root]) {
    leaf(trueIds[root], 1);
  } else split(root, 1);
  const asked = categorySets(Array.from(feature, (_, node) => members[node]));
  return {
    ...asked && { sets: asked },
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(missingLeft),
    cover: Float32Array.from(cover),
    leafIds,
  };
}
