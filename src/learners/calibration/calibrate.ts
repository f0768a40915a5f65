/** Calibrating the scores of a classifier, class by class. */

import type { WorkerPool } from "../../base/mod.ts";
import type { Matrix } from "../../dataset/mod.ts";
import { scores } from "../../trees/mod.ts";
import type { Calibrator, UncalibratedClassifier } from "../contract.ts";
import { linearScores } from "../linear_scores.ts";
import { neighborShares } from "../neighbors/k_neighbors.ts";
import { fitIsotonic, interpolate } from "../../metrics/mod.ts";
import { curveAt, fitSigmoid } from "./sigmoid.ts";

/** How scores are turned into probabilities: Platt's logistic curve or a rising line. */
export type CalibrationMethod = Calibrator["method"];

/**
 * What gets calibrated: the shares of a forest or of neighbours, the log odds of each class
 * against all others of logistic and boosted models, the heights of a support
 * vector machine. One score, for class 1, tells two classes apart.
 *
 * Source: scikit-learn `CalibratedClassifierCV` calibrates what its classifiers
 * decide by. For several classes that are scores before the softmax, of which
 * one alone says nothing; here it is their log odds.
 *
 * @returns Score by score, shape [scores × rows].
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export async function decisionScores(
  model: UncalibratedClassifier,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Float32Array> {
  const values = "coefficients" in model
    ? Float32Array.from(linearScores(model, X))
    : model.kind === "KNeighbors"
    ? neighborShares(model, X)
    : await scores(model.trees, X, pool);
  if (model.classes === 2) return values.subarray(values.length - X.rows);
  return isSoftmax(model) ? logOdds(values, X.rows) : values;
}

/**
 * Whether a model of several classes takes the softmax of its scores. The heights
 * above the planes of a support vector machine each tell of one class alone.
 */
export function isSoftmax(model: UncalibratedClassifier): boolean {
  if ("trees" in model) return model.trees.link === "softmax";
  return model.kind === "LogisticRegression";
}

/** Probabilities nearer to 1 than this count as this near: what is left of 1 is rounding. */
export const leastRest = 1e-9;

/** Log odds of each class from scores before the softmax, in Float64, rounded once. */
function logOdds(values: Float32Array, rows: number): Float32Array {
  const odds = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    let highest = -Infinity;
    for (let at = i; at < values.length; at += rows) highest = Math.max(highest, values[at]);
    let total = 0;
    for (let at = i; at < values.length; at += rows) total += Math.exp(values[at] - highest);
    for (let at = i; at < values.length; at += rows) {
      const score = values[at] - highest;
      const rest = Math.max(total - Math.exp(score), leastRest * total);
      odds[at] = score - Math.log(rest);
    }
  }
  return odds;
}

/**
 * Fits one calibrator for each score, each class against all others.
 *
 * @param values Scores of rows that the classifier was not fitted on, shape [scores × rows].
 * @param y Their labels.
 */
export function fitCalibrators(
  method: CalibrationMethod,
  values: Float32Array,
  y: Int32Array,
  sampleWeight?: Float32Array,
): Calibrator[] {
  const count = values.length / y.length;
  return Array.from({ length: count }, (_, k): Calibrator => {
    const own = values.subarray(k * y.length, (k + 1) * y.length);
    const positive = count === 1 ? 1 : k;
    const outcomes = y.map((label) => Number(label === positive));
    return method === "sigmoid"
      ? { method, ...fitSigmoid(own, outcomes, sampleWeight) }
      : { method, ...fitIsotonic(own, outcomes, sampleWeight) };
  });
}

/**
 * The probability of each class: each calibrator's own, divided by their sum
 * where there are several; equal ones where all are 0.
 *
 * Source: scikit-learn `CalibratedClassifierCV`.
 *
 * @param values Scores, shape [scores × rows].
 * @returns Class by class, shape [classes × rows].
 */
export function calibratedProba(
  calibrators: readonly Calibrator[],
  values: Float32Array,
): Float32Array {
  const rows = values.length / calibrators.length;
  const parts = calibrators.map((calibrator, k) => {
    const own = values.subarray(k * rows, (k + 1) * rows);
    return calibrator.method === "sigmoid"
      ? curveAt(calibrator, own)
      : interpolate(calibrator, own);
  });
  const classes = Math.max(2, parts.length);
  const probabilities = new Float32Array(classes * rows);
  if (parts.length === 1) {
    probabilities.set(parts[0].map((positive) => 1 - positive));
    probabilities.set(parts[0], rows);
    return probabilities;
  }
  for (let i = 0; i < rows; i++) {
    const total = parts.reduce((sum, part) => sum + part[i], 0);
    parts.forEach((part, k) => {
      probabilities[k * rows + i] = total > 0 ? part[i] / total : 1 / classes;
    });
  }
  return probabilities;
}
