/** The penalised loss of logistic regression over rows of few entries. */

import type { Objective } from "./lbfgs.ts";
import { type LogisticProblem, lossScale } from "./logistic_loss.ts";
import { type FittedPlanes, fittedPlanes, type SparseRows, termSpread } from "./sparse_rows.ts";

/** The loss and the coordinates it is a function of. */
export interface SparseLogisticLoss {
  /** Mean loss of the rows plus the L2 penalty, of points of shape [(features + 1) × outputs]. */
  readonly objective: Objective;
  /** The L1 penalty of each coordinate, shape [(features + 1) × outputs]; missing if there is none. */
  readonly l1?: Float64Array;
  /** No slopes, and the intercepts that give the shares of the classes. */
  readonly start: Float64Array;
  /** The slopes and the intercepts of a point. */
  planes(point: Float64Array): FittedPlanes & { readonly intercepts: Float64Array };
}

/**
 * The loss of `logisticLoss`, row by row instead of column by column: the slopes
 * of a feature along all scores lie side by side, and a row reads those of its
 * own features only. The coordinates are scaled in the same way.
 */
export function sparseLogisticLoss(
  sparse: SparseRows,
  problem: Omit<LogisticProblem, "filled">,
): SparseLogisticLoss {
  const { y, classes, sampleWeight } = problem;
  const { rows, features, offsets, places, values, filled } = sparse;
  const outputs = classes === 2 ? 1 : classes;
  const { total, penalty, sizePenalty, curvature, intercepts } = lossScale(problem);
  const units = new Float64Array(features);
  units.set(filled.spread);
  units.set(termSpread(sparse), filled.columns.length);
  units.forEach((deviation, f) => {
    units[f] = deviation === 0 ? 0 : 1 / Math.sqrt(curvature * deviation ** 2 + penalty);
  });
  const last = features * outputs;
  const slopes = new Float64Array(last);
  const scores = new Float64Array(outputs);

  const objective: Objective = (point, gradient) => {
    for (let f = 0; f < features; f++) {
      for (let at = f * outputs; at < (f + 1) * outputs; at++) slopes[at] = point[at] * units[f];
    }
    gradient.fill(0);
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const weight = sampleWeight ? sampleWeight[i] : 1;
      if (weight === 0) continue;
      for (let k = 0; k < outputs; k++) scores[k] = point[last + k];
      for (let at = offsets[i]; at < offsets[i + 1]; at++) {
        const from = places[at] * outputs;
        const value = values[at];
        for (let k = 0; k < outputs; k++) scores[k] += value * slopes[from + k];
      }
      loss += weight *
        (outputs === 1 ? logisticResidual(scores, y[i]) : softmaxResidual(scores, y[i]));
      for (let k = 0; k < outputs; k++) gradient[last + k] += scores[k] *= weight;
      for (let at = offsets[i]; at < offsets[i + 1]; at++) {
        const from = places[at] * outputs;
        const value = values[at];
        for (let k = 0; k < outputs; k++) gradient[from + k] += value * scores[k];
      }
    }
    let squares = 0;
    for (let f = 0; f < features; f++) {
      for (let at = f * outputs; at < (f + 1) * outputs; at++) {
        gradient[at] = (gradient[at] / total + penalty * slopes[at]) * units[f];
        squares += slopes[at] * slopes[at];
      }
    }
    for (let k = 0; k < outputs; k++) gradient[last + k] /= total;
    return loss / total + penalty * squares / 2;
  };

  const start = new Float64Array(last + outputs);
  start.set(intercepts, last);
  const l1 = start.map((_, at) => at < last ? sizePenalty * units[Math.floor(at / outputs)] : 0);
  return {
    objective,
    start,
    ...sizePenalty > 0 && { l1 },
    planes: (point) => ({
      ...fittedPlanes(sparse, outputs, (k, f) => point[f * outputs + k] * units[f]),
      intercepts: point.slice(last),
    }),
  };
}

/** Turns the log odds of class 1 into a residual; gives the loss. */
function logisticResidual(scores: Float64Array, label: number): number {
  const score = scores[0];
  const small = Math.exp(-Math.abs(score));
  scores[0] = (score > 0 ? 1 : small) / (1 + small) - label;
  return Math.log1p(small) + Math.max(score, 0) - label * score;
}

/** Turns the scores of all classes into residuals; gives the loss. */
function softmaxResidual(scores: Float64Array, label: number): number {
  let highest = -Infinity;
  for (let k = 0; k < scores.length; k++) if (scores[k] > highest) highest = scores[k];
  const own = scores[label] - highest;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k] - highest);
  for (let k = 0; k < scores.length; k++) scores[k] /= sum;
  scores[label] -= 1;
  return Math.log(sum) - own;
}
