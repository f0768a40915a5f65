/** Tree ensembles: one node for all trees, then base scores. */

import type { TreeEnsemble } from "../../trees/mod.ts";
import type { Attribute, OnnxGraph } from "../../onnx_format/mod.ts";
import { classicTrees } from "./classic_trees.ts";
import { convertLink } from "./link.ts";
import type { TreeNodes } from "../../onnx_runtime/mod.ts";
import { treeNodes } from "./tree_nodes.ts";

/**
 * Converts trees up to their scores.
 *
 * @param trees A valid ensemble.
 * @param input Name of the tensor with the features, shape [N, columns].
 * @param columnOf For each feature its column in that tensor.
 * @returns Name of the tensor with the scores, shape [N, outputs].
 */
export function convertTreeScores(
  graph: OnnxGraph,
  trees: TreeEnsemble,
  input: string,
  columnOf: Int32Array,
): string {
  const scores = convertTreeSums(graph, trees, input, columnOf);
  if (trees.base.every((value) => value === 0)) return scores;
  return graph.node("Add", [scores, graph.floats(trees.base, [trees.outputs])]);
}

/**
 * Converts trees of one output up to the numbers that they predict. The base is
 * added in Float64, as natively, since Float32 may not hold the sum.
 *
 * @returns Name of the tensor with the predictions, Float64, shape [N, 1].
 */
export function convertTreeNumbers(
  graph: OnnxGraph,
  trees: TreeEnsemble,
  input: string,
  columnOf: Int32Array,
): string {
  const sums = graph.cast(convertTreeSums(graph, trees, input, columnOf), "double");
  return convertLink(graph, trees.link, graph.node("Add", [sums, graph.doubles(trees.base, [1])]));
}

function convertTreeSums(
  graph: OnnxGraph,
  trees: TreeEnsemble,
  input: string,
  columnOf: Int32Array,
): string {
  const sums = graph.operators === "current"
    ? graph.mlNode("TreeEnsemble", [input], attributesOf(treeNodes(trees, columnOf), trees.outputs))
    : graph.mlNode("TreeEnsembleRegressor", [input], classicTrees(trees, columnOf));
  return trees.scale === 1 ? sums : graph.node("Mul", [sums, graph.floats([trees.scale], [1])]);
}

function attributesOf(nodes: TreeNodes, outputs: number): Readonly<Record<string, Attribute>> {
  const size = nodes.splits.length;
  return {
    aggregate_function: 1,
    post_transform: 0,
    n_targets: outputs,
    tree_roots: nodes.roots,
    nodes_featureids: nodes.featureIds,
    nodes_modes: { type: "uint8", dims: [size], data: nodes.modes },
    nodes_splits: { type: "float", dims: [size], data: nodes.splits },
    nodes_hitrates: { type: "float", dims: [size], data: nodes.trueShares },
    nodes_missing_value_tracks_true: nodes.missingTrue,
    nodes_truenodeids: nodes.trueIds,
    nodes_trueleafs: nodes.trueLeafs,
    nodes_falsenodeids: nodes.falseIds,
    nodes_falseleafs: nodes.falseLeafs,
    ...nodes.members.length > 0 && {
      membership_values: {
        type: "float",
        dims: [nodes.members.length],
        data: nodes.members,
      } as const,
    },
    leaf_targetids: nodes.leafTargets,
    leaf_weights: {
      type: "float",
      dims: [nodes.leafWeights.length],
      data: nodes.leafWeights,
    },
  };
}
