/** From our layout of trees to the arrays of the older `TreeEnsembleRegressor` operator. */

import { classicModes } from "../../onnx_runtime/mod.ts";
import { membersOf, type TreeEnsemble } from "../../trees/mod.ts";
import type { Attribute } from "../../onnx_format/mod.ts";

/**
 * The attributes of the operator. Nodes stand as they do in the ensemble; a leaf
 * adds to each score that it has a value for, zeros left out.
 *
 * A set of categories is a chain of tests for each of them, which lead to the
 * same node where one holds: this operator has nothing else. The first test
 * stands in place of the node, the others follow the tree's nodes.
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
  const { roots, feature, threshold, left, right, missingLeft, sets, cover, leaves, leafWidth } =
    trees;
  const nodes: ClassicNode[] = [];
  const targets: { tree: number; node: number; score: number; weight: number }[] = [];
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    const first = leafWidth === trees.outputs ? 0 : trees.treeOutput[t];
    const further: ClassicNode[] = [];
    for (let node = root; node < end; node++) {
      const id = node - root;
      const share = cover[root] > 0 ? cover[node] / cover[root] : 0;
      const place = { tree: t, id, share, value: threshold[node] };
      if (feature[node] < 0) {
        nodes.push({ ...place, mode: classicModes.leaf, column: 0, missing: 0, yes: 0, no: 0 });
        const values = leaves.subarray(left[node] * leafWidth, (left[node] + 1) * leafWidth);
        values.forEach((weight, v) => {
          // A leaf of zeros says so once: each leaf has a target.
          if (weight === 0 && (v > 0 || values.some((other) => other !== 0))) return;
          targets.push({ tree: t, node: id, score: first + v, weight });
        });
        continue;
      }
      const [yes, no] = [left[node] - root, right[node] - root];
      const column = columnOf[feature[node]];
      if (!sets || sets.of[node] < 0) {
        const missing = missingLeft[node];
        nodes.push({ ...place, mode: classicModes.split, column, missing, yes, no });
        continue;
      }
      const members = membersOf(sets, sets.of[node]);
      const next = end - root + further.length;
      const chain = members.map((value, i): ClassicNode => ({
        ...{ ...place, mode: classicModes.equal, column, value, missing: 0, yes },
        id: i === 0 ? id : next + i - 1,
        no: i + 1 < members.length ? next + i : no,
      }));
      nodes.push(chain[0]);
      further.push(...chain.slice(1));
    }
    nodes.push(...further);
  }
  const ofNodes = (name: "tree" | "id" | "column" | "missing" | "yes" | "no") =>
    Int32Array.from(nodes, (node) => node[name]);
  const ofTargets = (name: "tree" | "node" | "score") =>
    Int32Array.from(targets, (target) => target[name]);
  return {
    aggregate_function: "SUM",
    post_transform: "NONE",
    n_targets: trees.outputs,
    nodes_treeids: ofNodes("tree"),
    nodes_nodeids: ofNodes("id"),
    nodes_featureids: ofNodes("column"),
    nodes_modes: nodes.map(({ mode }) => mode),
    nodes_values: Float32Array.from(nodes, ({ value }) => value),
    nodes_hitrates: Float32Array.from(nodes, ({ share }) => share),
    nodes_missing_value_tracks_true: ofNodes("missing"),
    nodes_truenodeids: ofNodes("yes"),
    nodes_falsenodeids: ofNodes("no"),
    target_treeids: ofTargets("tree"),
    target_nodeids: ofTargets("node"),
    target_ids: ofTargets("score"),
    target_weights: Float32Array.from(targets, ({ weight }) => weight),
  };
}

/** A node as the operator has it. */
interface ClassicNode {
  readonly tree: number;
  readonly id: number;
  readonly mode: (typeof classicModes)[keyof typeof classicModes];
  readonly column: number;
  readonly value: number;
  /** 1 if a missing value follows the true branch. */
  readonly missing: number;
  readonly yes: number;
  readonly no: number;
  /** Share of its tree's training weight that reached it. */
  readonly share: number;
}
