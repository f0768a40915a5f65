/** Any classifier: its scores, and what makes probabilities of them. */

import type { CalibratedClassifier, LinearClassifier } from "../../learners/mod.ts";
import type { TreeEnsemble } from "../../trees/mod.ts";
import type { OnnxGraph } from "../graph.ts";
import { convertCalibrators, convertLogOdds, pickScore } from "./calibration.ts";
import { convertLinearScores } from "./linear.ts";
import { convertLink } from "./link.ts";
import { convertTreeScores } from "./tree_ensemble.ts";

/** What can be exported: of a tree classifier its trees are enough. */
export type ExportedClassifier =
  | { readonly trees: TreeEnsemble }
  | LinearClassifier
  | CalibratedClassifier;

/**
 * Converts a classifier.
 *
 * @param input Name of the tensor with the features, shape [N, columns].
 * @param columnOf For each feature its column in that tensor.
 * @returns Name of the tensor with the probabilities, shape [N, classes].
 */
export function convertClassifier(
  graph: OnnxGraph,
  classifier: ExportedClassifier,
  input: string,
  columnOf: Int32Array,
): string {
  if ("trees" in classifier) {
    const { trees } = classifier;
    return convertLink(graph, trees.link, convertTreeScores(graph, trees, input, columnOf));
  }
  if (classifier.kind === "LogisticRegression") {
    const scores = graph.cast(convertLinearScores(graph, classifier, input, columnOf), "float");
    return convertLink(graph, classifier.classes === 2 ? "logistic" : "softmax", scores);
  }
  const { base, calibrators, classes } = classifier;
  const linear = base.kind === "LogisticRegression";
  const scores = linear
    ? graph.cast(convertLinearScores(graph, base, input, columnOf), "float")
    : convertTreeScores(graph, base.trees, input, columnOf);
  if (classes === 2) {
    // A forest has a score for class 0 as well; the other one says it all.
    const both = !linear && base.trees.outputs === 2;
    return convertCalibrators(graph, calibrators, both ? pickScore(graph, scores, 1) : scores);
  }
  const odds = linear || base.trees.link === "softmax" ? convertLogOdds(graph, scores) : scores;
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
