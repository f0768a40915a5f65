/** The metrics of a classifier, realised or expected: rows count as each class by a weight. */

import { averagePrecision, confusionMatrix, rocAuc } from "../../metrics/mod.ts";

/** The metrics that are realised and estimated, each in [0, 1]. */
export const performanceMetrics = [
  "roc_auc",
  "average_precision",
  "accuracy",
  "f1",
  "precision",
  "recall",
  "specificity",
] as const;

/** Name of a metric. */
export type PerformanceMetric = (typeof performanceMetrics)[number];

/** A number for each metric. */
export type PerformanceScores = Readonly<Record<PerformanceMetric, number>>;

/** What a classifier said about some rows. */
export interface ClassifierPredictions {
  /** Number of classes, 2 or more. */
  readonly classes: number;
  /** Predicted class of each row, shape [rows]. */
  readonly predicted: Int32Array;
  /** Probabilities class by class, shape [classes × rows]. */
  readonly probabilities: Float32Array | Float64Array;
}

/**
 * The classes that are scored against the rest: of two, the second alone is the
 * positive one; of several, each in turn, and their mean counts.
 */
export function scoredClasses(classes: number): readonly number[] {
  return classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
}

/** The metrics on rows whose labels are known; NaN if a class of the ROC AUC has no row. */
export function realizedScores(
  labels: Int32Array,
  predictions: ClassifierPredictions,
): PerformanceScores {
  const rows = labels.length;
  const shares = new Float64Array(predictions.classes * rows);
  labels.forEach((label, i) => shares[label * rows + i] = 1);
  return scoresByShare(shares, predictions);
}

/**
 * The metrics if row i is of class k to a share: known labels give shares of
 * 1 and 0, calibrated probabilities give expected metrics.
 *
 * @param shares Class by class, shape [classes × rows]; those of a row add up to 1.
 */
export function scoresByShare(
  shares: Float64Array,
  predictions: ClassifierPredictions,
): PerformanceScores {
  const { classes, predicted, probabilities } = predictions;
  const rows = predicted.length;
  // Each row once for each class that it may be of, weighted by its share of it.
  const truth = new Int32Array(classes * rows);
  for (let k = 0; k < classes; k++) truth.fill(k, k * rows, (k + 1) * rows);
  const repeated = new Int32Array(classes * rows);
  for (let k = 0; k < classes; k++) repeated.set(predicted, k * rows);
  const confusion = confusionMatrix(truth, repeated, classes, shares);

  const scored = scoredClasses(classes);
  const sums = { roc_auc: 0, average_precision: 0, f1: 0, precision: 0, recall: 0, specificity: 0 };
  for (const k of scored) {
    const own = againstRest(k, shares, probabilities, rows);
    sums.roc_auc += rocAuc(own.positive, own.scores, own.weights);
    sums.average_precision += averagePrecision(own.positive, own.scores, own.weights);
    const found = confusion[k][k];
    const actual = total(confusion[k]);
    const claimed = total(confusion.map((row) => row[k]));
    const negative = rows - actual;
    sums.f1 += share(2 * found, actual + claimed);
    sums.precision += share(found, claimed);
    sums.recall += share(found, actual);
    sums.specificity += share(negative - (claimed - found), negative);
  }
  const right = confusion.reduce((sum, row, k) => sum + row[k], 0);
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / scored.length]);
  return { ...Object.fromEntries(means), accuracy: right / rows };
}

/** Every row as a positive of class `k` and as a negative, each to its share. */
function againstRest(
  k: number,
  shares: Float64Array,
  probabilities: Float32Array | Float64Array,
  rows: number,
) {
  const own = probabilities.subarray(k * rows, (k + 1) * rows);
  const scores = new Float64Array(2 * rows);
  scores.set(own);
  scores.set(own, rows);
  const weights = new Float64Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    weights[i] = shares[k * rows + i];
    weights[rows + i] = Math.max(0, 1 - weights[i]);
  }
  return { positive: new Uint8Array(2 * rows).fill(1, 0, rows), scores, weights };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** A share of nothing is 0, as scikit-learn's and NannyML's are. */
function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
