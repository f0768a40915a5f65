/** What the model said about training rows that it had not seen, to judge later predictions by. */

import { deriveSeed, Random } from "../../src/base/mod.ts";
import {
  categoryStatistics,
  classificationQuality,
  numericStatistics,
  type Predictions,
  referencePerformance,
} from "../../src/drift/mod.ts";
import { featureColumns } from "../../src/features/mod.ts";
import type { ReferencePredictions } from "../../src/registry/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import type { Findings } from "./findings.ts";
import { ofClass, outOfFold } from "./out_of_fold.ts";

/**
 * Performance, quality and distributions of held-out predictions: with whole
 * groups held out, because the rows to come are of customers nobody has seen.
 */
export function referencePredictions(findings: Findings): ReferencePredictions {
  const { leak, folds, experiment } = findings;
  const { classes } = experiment.set.target;
  const { groups } = experiment.data;
  const held = outOfFold(leak.scores, folds.grouped ?? folds.random, experiment.data.labels!);
  const predictions: Predictions = {
    classes: classes.length,
    predicted: Int32Array.from(mostProbable(held.probabilities, held.labels.length)),
    probabilities: held.probabilities,
  };
  const random = new Random(deriveSeed(experiment.seed, 5));
  return {
    performance: referencePerformance(held.labels, predictions, random),
    quality: classificationQuality(held.labels, predictions),
    target: categoryStatistics(held.labels, classes, groups),
    prediction: categoryStatistics(predictions.predicted, classes, groups),
    probabilities: Object.fromEntries(
      classes.map((label, k) => [label, numericStatistics(ofClass(held, k).probability, groups)]),
    ),
    column_importance: columnImportance(findings),
  };
}

/** Mean absolute Shapley values, summed over the features of each raw column. */
function columnImportance({ fitted, explanation: { shap } }: Findings): Record<string, number> {
  const sums: Record<string, number> = {};
  const { rows, features, outputs, values } = shap;
  featureColumns(fitted.state).forEach((name, j) => {
    for (let k = 0; k < outputs; k++) {
      const from = (k * features + j) * rows;
      for (let i = from; i < from + rows; i++) sums[name] = (sums[name] ?? 0) + Math.abs(values[i]);
    }
  });
  const total = Object.values(sums).reduce((sum, value) => sum + value, 0) || 1;
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / total]));
}
