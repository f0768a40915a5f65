/** One of two classes. */

import { UsageError } from "../../base/mod.ts";
import { isClassTarget } from "../../features/mod.ts";
import {
  averageScores,
  classScores,
  confusionMatrix,
  costThreshold,
  meanCost,
  metricOf,
} from "../../metrics/mod.ts";
import { liftSection } from "../sections/lift_section.ts";
import { decisionSection } from "../sections/decision_section.ts";
import type { Threshold } from "../threshold.ts";
import { type ComparisonData } from "../experiment.ts";
import { ofClass } from "../held_out.ts";
import { heldClasses, ofClasses } from "./classes.ts";
import type { Conclusion, TrainingTask } from "./contract.ts";
import { classesOf } from "./fit_classes.ts";

/** One of two classes. */
export const binary: TrainingTask = {
  ...ofClasses,
  module: import.meta.url,
  name: "binary",
  kind: "binary",
  metricTask: "binary",
  metrics: [
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "f1_macro",
    "accuracy",
    "precision_macro",
    "recall_macro",
  ],
  fits: (target) => isClassTarget(target) && target.classes.length === 2,
  check(experiment, candidates, wishes) {
    if (wishes.threshold !== undefined) checkThreshold(experiment, wishes.threshold);
    ofClasses.check(experiment, candidates, wishes);
  },
  conclude(experiment, heldOut, { threshold }) {
    if (threshold === undefined) return { metrics: {} };
    const held = heldClasses(experiment, heldOut);
    const label = positiveOf(experiment, threshold);
    const { positive, probability } = ofClass(held, classesOf(experiment).indexOf(label));
    const chosen = choose(positive, probability, threshold);
    const acted = probability.map((value) => value >= chosen ? 1 : 0);
    const costs = typeof threshold === "object" && "costs" in threshold
      ? threshold.costs
      : undefined;
    const matrix = confusionMatrix(positive, acted, 2);
    const { precision, recall, f1 } = classScores(matrix)[1];
    const conclusion: Conclusion = {
      decision: { threshold: chosen, label, ...costs && { costs } },
      metrics: {
        decision_precision: precision,
        decision_recall: recall,
        decision_f1: f1,
        decision_f1_macro: averageScores(matrix, "macro").f1,
        decision_selected: acted.reduce((sum, one) => sum + one, 0) / acted.length,
        ...costs &&
          { decision_cost: meanCost(matrix, [[0, costs.falsePositive], [costs.falseNegative, 0]]) },
      },
    };
    return conclusion;
  },
  sections(parts) {
    const { experiment, held, conclusion } = parts;
    const classes = classesOf(experiment);
    const { target } = experiment.set;
    const label = (isClassTarget(target) ? target.positive : undefined) ?? classes[1];
    const own = ofClass(heldClasses(experiment, held), classes.indexOf(label));
    return [
      ...ofClasses.sections(parts),
      liftSection(own.positive, own.probability, label),
      ...decisionSection(conclusion),
    ];
  },
};

function positiveOf(experiment: ComparisonData, threshold: Threshold): string {
  const { target } = experiment.set;
  const classes = classesOf(experiment);
  const declared = isClassTarget(target) ? target.positive : undefined;
  const wanted = typeof threshold === "object" ? threshold.positive : undefined;
  return wanted ?? declared ?? classes[1];
}

function checkThreshold(experiment: ComparisonData, threshold: Threshold): void {
  const classes = classesOf(experiment);
  const positive = positiveOf(experiment, threshold);
  const refuse = (found: string, next: string): never => {
    throw new UsageError(`Cannot set the threshold: ${found}`, { next });
  };
  if (!classes.includes(positive)) {
    refuse(`there is no class "${positive}"`, `name one of ${classes.join(", ")}`);
  }
  if (typeof threshold === "number") {
    if (!(threshold >= 0 && threshold <= 1)) {
      refuse(`${threshold} is no probability`, "give a number from 0 to 1");
    }
  } else if ("costs" in threshold) {
    const { falsePositive, falseNegative } = threshold.costs;
    if (!(falsePositive >= 0 && falseNegative >= 0 && falsePositive + falseNegative < Infinity)) {
      refuse("costs must be numbers of 0 or more", "correct falsePositive and falseNegative");
    }
  } else if (metricOf(threshold.metric, "binary").needs !== "labels") {
    refuse(`${threshold.metric} does not depend on it`, "give a metric of labels, as f1 or mcc");
  }
}

/** Distinct probabilities that are tried at most; more would differ by chance only. */
const MOST_TRIED = 500;

/** The threshold in [0, 1]; of equally good ones the highest, which acts on the fewest rows. */
function choose(positive: Int32Array, probability: Float32Array, threshold: Threshold): number {
  if (typeof threshold === "number") return threshold;
  if ("costs" in threshold) {
    return Math.min(1, costThreshold(positive, probability, threshold.costs).threshold);
  }
  const { direction, compute } = metricOf(threshold.metric, "binary");
  const distinct = [...new Set(probability)].sort((a, b) => b - a);
  const step = Math.max(1, distinct.length / MOST_TRIED);
  let [best, chosen] = [-Infinity, 0.5];
  for (let at = 0; at < distinct.length; at += step) {
    const tried = distinct[Math.floor(at)];
    const labels = probability.map((value) => value >= tried ? 1 : 0);
    const score = (direction === "higher" ? 1 : -1) * compute({ yTrue: positive, labels });
    if (score > best) [best, chosen] = [score, tried];
  }
  return chosen;
}
