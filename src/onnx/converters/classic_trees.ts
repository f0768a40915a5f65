/** From our layout of trees to the arrays of the older `TreeEnsembleRegressor` operator. */

import type { TreeEnsemble } from "../../trees/mod.ts";
import type { Attribute } from "../model_proto.ts";

/** Modes of nodes. */
export const modes = { split: "BRANCH_LEQ", leaf: "LEAF" } as const;

/**
 * The attributes of the operator. Nodes stand as they do in the ensemble; a leaf
 * adds to each score that it has a value for, zeros left out.
 *
 * The share of its tree's training weight that reached each node, which
 * explanations need, stands in `nodes_hitrates`.
 *
 * @param trees A valid ensemble.
 * @param columnOf For each feature its column in the graph's matrix.
 */
export function classicTrees(
  trees: TreeEnsemble,
  columnOf: Int32Array,
): Readonly<Record<string, Attribute>> {
  const { roots, feature, threshold, left, right, missingLeft, cover, leaves, leafWidth } = trees;
  const size = feature.length;
  const treeIds = new Int32Array(size);
  const nodeIds = new Int32Array(size);
  const shares = new Float32Array(size);
  const targets: { tree: number; node: number; score: number; weight: number }[] = [];
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const end = t + 1 < roots.length ? roots[t + 1] : size;
    const first = leafWidth === trees.outputs ? 0 : trees.treeOutput[t];
    for (let node = root; node < end; node++) {
      treeIds[node] = t;
      nodeIds[node] = node - root;
      shares[node] = cover[root] > 0 ? cover[node] / cover[root] : 0;
      if (feature[node] >= 0) continue;
      const values = leaves.subarray(left[node] * leafWidth, (left[node] + 1) * leafWidth);
      values.forEach((weight, v) => {
        // A leaf of zeros says so once: each leaf has a target.
        if (weight === 0 && (v > 0 || values.some((other) => other !== 0))) return;
        targets.push({ tree: t, node: node - root, score: first + v, weight });
      });
    }
  }
  const ofSplits = (value: (node: number) => number) =>
    Int32Array.from(feature, (tested, node) => tested < 0 ? 0 : value(node));
  const ofTargets = (name: "tree" | "node" | "score") =>
    Int32Array.from(targets, (target) => target[name]);
  return {
    aggregate_function: "SUM",
    post_transform: "NONE",
    n_targets: trees.outputs,
    nodes_treeids: treeIds,
    nodes_nodeids: nodeIds,
    nodes_featureids: ofSplits((node) => columnOf[feature[node]]),
    nodes_modes: Array.from(feature, (tested) => tested < 0 ? modes.leaf : modes.split),
    nodes_values: threshold,
    nodes_hitrates: shares,
    nodes_missing_value_tracks_true: ofSplits((node) => missingLeft[node]),
    nodes_truenodeids: ofSplits((node) => nodeIds[left[node]]),
    nodes_falsenodeids: ofSplits((node) => nodeIds[right[node]]),
    target_treeids: ofTargets("tree"),
    target_nodeids: ofTargets("node"),
    target_ids: ofTargets("score"),
    target_weights: Float32Array.from(targets, ({ weight }) => weight),
  };
}
