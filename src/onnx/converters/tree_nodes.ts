/** From our layout of trees to the arrays of the `TreeEnsemble` operator. */

import { branches, type TreeNodes } from "../../onnx_runtime/mod.ts";
import { membersOf, type TreeEnsemble } from "../../trees/mod.ts";

/**
 * Writes the trees as inner nodes and leaves.
 *
 * The operator's leaves add to one score only, a forest's leaves to all. So
 * each tree is written once for the first non-zero value of its leaves, again
 * for the second, and so on; a copy keeps only the branches that lead to such
 * a value. Leaves of fully grown trees are nearly all of one class: the copies
 * are small. Equal leaves are written once and shared.
 *
 * A set of categories is one node of mode BRANCH_MEMBER, 4 bytes for each of
 * them. ONNX Runtime (1.30 and 1.31 were tried) finds whole numbers in it
 * exactly, and refuses the chain of BRANCH_EQ nodes that would say the same in
 * this operator, because its nodes lead to one node together.
 *
 * @param trees A valid ensemble.
 * @param columnOf For each feature its column in the graph's matrix.
 */
export function treeNodes(trees: TreeEnsemble, columnOf: Int32Array): TreeNodes {
  const { roots, feature, threshold, left, right, missingLeft, sets, cover } = trees;
  const values = countValues(trees);
  const copies = roots.reduce((most, root) => Math.max(most, values[root]), 1);
  const starts = new Int32Array(copies * roots.length);
  const size = nodesNeeded(trees, values);
  const nodes = {
    featureIds: new Int32Array(size),
    modes: new Uint8Array(size),
    splits: new Float32Array(size),
    missingTrue: new Uint8Array(size),
    trueIds: new Int32Array(size),
    trueLeafs: new Uint8Array(size),
    falseIds: new Int32Array(size),
    falseLeafs: new Uint8Array(size),
    trueShares: new Float32Array(size),
  };
  const leaves = new Leaves(trees);
  const members: number[] = [];
  const idOf = new Int32Array(feature.length);
  let started = 0;
  let next = 0;
  for (let copy = 0; copy < copies; copy++) {
    const isInner = (node: number) => feature[node] >= 0 && values[node] > copy;
    for (let t = 0; t < roots.length; t++) {
      const root = roots[t];
      if (copy > 0 && values[root] <= copy) continue;
      const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
      starts[started++] = next;
      if (!isInner(root)) {
        // A tree of one leaf is a node whose branches both name that leaf.
        nodes.trueIds[next] = nodes.falseIds[next] = leaves.idOf(root, t, copy);
        nodes.trueLeafs[next] = nodes.falseLeafs[next] = 1;
        next++;
        continue;
      }
      let id = next;
      for (let node = root; node < end; node++) if (isInner(node)) idOf[node] = id++;
      for (let node = root; node < end; node++) {
        if (!isInner(node)) continue;
        const [yes, no] = [left[node], right[node]];
        nodes.featureIds[next] = columnOf[feature[node]];
        nodes.splits[next] = threshold[node];
        if (sets && sets.of[node] >= 0) {
          nodes.modes[next] = branches.member;
          members.push(...membersOf(sets, sets.of[node]), NaN);
        }
        nodes.missingTrue[next] = missingLeft[node];
        nodes.trueLeafs[next] = isInner(yes) ? 0 : 1;
        nodes.trueIds[next] = isInner(yes) ? idOf[yes] : leaves.idOf(yes, t, copy);
        nodes.falseLeafs[next] = isInner(no) ? 0 : 1;
        nodes.falseIds[next] = isInner(no) ? idOf[no] : leaves.idOf(no, t, copy);
        if (cover[node] > 0) nodes.trueShares[next] = cover[yes] / cover[node];
        next++;
      }
    }
  }
  return {
    roots: starts.subarray(0, started),
    ...nodes,
    members: Float32Array.from(members),
    leafTargets: Int32Array.from(leaves.targets),
    leafWeights: Float32Array.from(leaves.weights),
  };
}

/** For each node the most non-zero values that a leaf below it has. */
function countValues({ feature, left, right, leaves, leafWidth }: TreeEnsemble): Int32Array {
  const values = new Int32Array(feature.length);
  // Children come after their parents, so going backwards meets them first.
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] >= 0) {
      values[node] = Math.max(values[left[node]], values[right[node]]);
    } else {
      for (let v = 0; v < leafWidth; v++) {
        if (leaves[left[node] * leafWidth + v] !== 0) values[node]++;
      }
    }
  }
  return values;
}

/** How many inner nodes all copies have; a copy that is one leaf counts as one. */
function nodesNeeded({ roots, feature }: TreeEnsemble, values: Int32Array): number {
  let needed = 0;
  for (let node = 0; node < feature.length; node++) if (feature[node] >= 0) needed += values[node];
  for (const root of roots) {
    if (feature[root] < 0 || values[root] === 0) needed += Math.max(1, values[root]);
  }
  return needed;
}

/** The distinct leaves. */
class Leaves {
  readonly targets: number[] = [];
  readonly weights: number[] = [];
  readonly #ids: Map<number, number>[];

  constructor(private readonly trees: TreeEnsemble) {
    this.#ids = Array.from({ length: trees.outputs }, () => new Map());
  }

  /** The leaf for the non-zero value number `copy` of `node`; one of weight 0 if it has fewer. */
  idOf(node: number, tree: number, copy: number): number {
    const { feature, left, leaves, leafWidth, outputs, treeOutput } = this.trees;
    const first = leafWidth === outputs ? 0 : treeOutput[tree];
    if (feature[node] < 0) {
      let seen = 0;
      for (let v = 0; v < leafWidth; v++) {
        const weight = leaves[left[node] * leafWidth + v];
        if (weight !== 0 && seen++ === copy) return this.#add(first + v, weight);
      }
    }
    return this.#add(first, 0);
  }

  #add(target: number, weight: number): number {
    const known = this.#ids[target].get(weight);
    if (known !== undefined) return known;
    this.#ids[target].set(weight, this.targets.length);
    this.weights.push(weight);
    return this.targets.push(target) - 1;
  }
}
