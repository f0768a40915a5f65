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
import {
  type AlertShare,
  isAlertShare,
  isLeastPrecision,
  type LeastPrecision,
  type Threshold,
} from "../threshold.ts";
import { type ComparisonData } from "../experiment.ts";
import { ofClass } from "../held_out.ts";
import { checkClasses, heldClasses, ofClasses, refuseWish, sectionsOfClasses } from "./classes.ts";
import { weightsOf } from "../row_weights.ts";
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
  check(experiment, { threshold }) {
    if (isLeastPrecision(threshold)) refuseWish("a precision to accept by", "several classes");
    if (isAlertShare(threshold)) refuseWish("a budget of alerts", "anomalies");
    if (threshold !== undefined) checkThreshold(experiment, threshold);
    checkClasses(experiment);
  },
  conclude(experiment, heldOut, { threshold }) {
    if (threshold === undefined || isLeastPrecision(threshold) || isAlertShare(threshold)) {
      return { metrics: {} };
    }
    const held = heldClasses(experiment, heldOut);
    const label = positiveOf(experiment, threshold);
    const { positive, probability } = ofClass(held, classesOf(experiment).indexOf(label));
    const weights = weightsOf(experiment.data, heldOut.rows);
    const chosen = choose(positive, probability, threshold, weights);
    const acted = probability.map((value) => value >= chosen ? 1 : 0);
    const costs = typeof threshold === "object" && "costs" in threshold
      ? threshold.costs
      : undefined;
    const matrix = confusionMatrix(positive, acted, 2, weights);
    const { precision, recall, f1 } = classScores(matrix)[1];
    const conclusion: Conclusion = {
      decision: {
        ...{ threshold: chosen, label, given: typeof threshold === "number" },
        ...costs && { costs },
      },
      metrics: {
        decision_precision: precision,
        decision_recall: recall,
        decision_f1: f1,
        decision_f1_macro: averageScores(matrix, "macro").f1,
        decision_selected: shareActed(acted, weights),
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
      ...sectionsOfClasses(parts),
      liftSection(own.positive, own.probability, label),
      ...decisionSection(conclusion),
    ];
  },
};

/** From where on a row of one class asks for action. */
type ActingThreshold = Exclude<Threshold, LeastPrecision | AlertShare>;

function positiveOf(experiment: ComparisonData, threshold: ActingThreshold): string {
  const { target } = experiment.set;
  const classes = classesOf(experiment);
  const declared = isClassTarget(target) ? target.positive : undefined;
  const wanted = typeof threshold === "object" ? threshold.positive : undefined;
  return wanted ?? declared ?? classes[1];
}

function checkThreshold(experiment: ComparisonData, threshold: ActingThreshold): void {
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
function choose(
  positive: Int32Array,
  probability: Float32Array,
  threshold: ActingThreshold,
  sampleWeight: Float32Array | undefined,
): number {
  if (typeof threshold === "number") return threshold;
  if ("costs" in threshold) {
    return Math.min(
      1,
      costThreshold(positive, probability, threshold.costs, sampleWeight).threshold,
    );
  }
  const { direction, compute } = metricOf(threshold.metric, "binary");
  const distinct = [...new Set(probability)].sort((a, b) => b - a);
  const step = Math.max(1, distinct.length / MOST_TRIED);
  let [best, chosen] = [-Infinity, 0.5];
  for (let at = 0; at < distinct.length; at += step) {
    const tried = distinct[Math.floor(at)];
    const labels = probability.map((value) => value >= tried ? 1 : 0);
    const score = (direction === "higher" ? 1 : -1) *
      compute({ yTrue: positive, labels, sampleWeight });
    if (score > best) [best, chosen] = [score, tried];
  }
  return chosen;
}

function shareActed(acted: ArrayLike<number>, weights: Float32Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < acted.length; i++) {
    const weight = weights ? weights[i] : 1;
    sum += weight * acted[i];
    total += weight;
  }
  return sum / total;
}
