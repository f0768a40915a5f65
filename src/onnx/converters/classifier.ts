/** Any classifier: its scores, and what makes probabilities of them. */

import {
  type CalibratedClassifier,
  isSoftmax,
  type LinearClassifier,
  type NeighborClassifier,
} from "../../learners/mod.ts";
import type { TreeEnsemble } from "../../trees/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import type { ConvertedFeatures } from "../preprocessing.ts";
import { convertCalibrators, convertLogOdds, pickScore } from "./calibration.ts";
import { convertLinearScores } from "./linear.ts";
import { convertLink } from "./link.ts";
import { convertNeighborShares } from "./neighbors.ts";
import { convertTreeScores } from "./tree_ensemble.ts";

/** What can be exported: of a tree classifier its trees are enough. */
export type ExportedClassifier =
  | { readonly trees: TreeEnsemble }
  | LinearClassifier
  | NeighborClassifier
  | CalibratedClassifier;

/**
 * Converts a classifier.
 *
 * @param features The features inside the graph.
 * @returns Name of the tensor with the probabilities, shape [N, classes].
 */
export function convertClassifier(
  graph: OnnxGraph,
  classifier: ExportedClassifier,
  features: ConvertedFeatures,
): string {
  const { output: input, columnOf } = features;
  if ("trees" in classifier) {
    const { trees } = classifier;
    return convertLink(graph, trees.link, convertTreeScores(graph, trees, input, columnOf));
  }
  if ("coefficients" in classifier) {
    const scores = graph.cast(convertLinearScores(graph, classifier, features), "float");
    return convertLink(graph, classifier.classes === 2 ? "logistic" : "softmax", scores);
  }
  if (classifier.kind === "KNeighbors") return convertNeighborShares(graph, classifier, features);
  const { base, calibrators, classes } = classifier;
  const scores = "coefficients" in base
    ? graph.cast(convertLinearScores(graph, base, features), "float")
    : "trees" in base
    ? convertTreeScores(graph, base.trees, input, columnOf)
    : convertNeighborShares(graph, base, features);
  if (classes === 2) {
    // Forests and neighbours have a score for class 0 as well; the other one says it all.
    const both = "trees" in base ? base.trees.outputs === 2 : base.kind === "KNeighbors";
    return convertCalibrators(graph, calibrators, both ? pickScore(graph, scores, 1) : scores);
  }
  const odds = isSoftmax(base) ? convertLogOdds(graph, scores) : scores;
  return convertCalibrators(graph, calibrators, odds);
}

/** How many features a classifier reads and how many classes it tells apart. */
export function sizeOf(classifier: ExportedClassifier): { features: number; classes: number } {
  if ("trees" in classifier) {
    const { features, outputs, link } = classifier.trees;
    return { features, classes: link === "logistic" ? 2 : outputs };
  }
  if (classifier.kind === "Calibrated") return sizeOf(classifier.base);
  return { features: classifier.centre.length, classes: classifier.classes };
}
