/** The penalised loss of logistic regression, in coordinates that are quick to descend in. */

import type { FilledColumns } from "./imputed_columns.ts";
import type { Objective } from "./lbfgs.ts";

/** What the loss is measured on. */
export interface LogisticProblem {
  readonly filled: FilledColumns;
  /** Labels from 0 to classes − 1. */
  readonly y: Int32Array;
  readonly classes: number;
  /** Weight of each row, shape [rows]; 1 if it is left out. */
  readonly sampleWeight: Float32Array | undefined;
  /** Inverse strength of the penalty. */
  readonly C: number;
  /** Share of the L1 penalty, 0 to 1. */
  readonly l1Ratio: number;
}

/** The loss and the coordinates it is a function of. */
export interface LogisticLoss {
  /** Mean loss of the rows plus the L2 penalty, of points of shape [outputs × (features + 1)]. */
  readonly objective: Objective;
  /** The L1 penalty of each coordinate, shape [outputs × (features + 1)]; missing if there is none. */
  readonly l1?: Float64Array;
  /** No slopes, and the intercepts that give the shares of the classes. */
  readonly start: Float64Array;
  /** Number of scores of each row: 1 for two classes, else the classes. */
  readonly outputs: number;
  /** The coefficients and the intercepts at the centre of a point. */
  planes(point: Float64Array): { coefficients: Float64Array; intercepts: Float64Array };
}

/** Scores held at a time: they stay in the first-level cache with a column beside them. */
const blockScores = 2048;

/** A class without rows starts at this share: its logarithm must be finite. */
const leastShare = 1e-6;

/** What the loss is made of beside the features. */
export interface LossScale {
  /** Weight of all rows. */
  readonly total: number;
  /** What half the square of a coefficient costs. */
  readonly penalty: number;
  /** What the size of a coefficient costs. */
  readonly sizePenalty: number;
  /** The curvature of the loss if all slopes are 0, averaged over the classes. */
  readonly curvature: number;
  /** The intercepts that give the shares of the classes, shape [outputs]. */
  readonly intercepts: Float64Array;
}

/** Measures it. */
export function lossScale(
  { y, classes, sampleWeight, C, l1Ratio }: Omit<LogisticProblem, "filled">,
): LossScale {
  const shares = new Float64Array(classes);
  for (let i = 0; i < y.length; i++) shares[y[i]] += sampleWeight ? sampleWeight[i] : 1;
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  const logs = shares.map((weight) => Math.log(Math.max(weight / total, leastShare)));
  const middle = logs.reduce((sum, log) => sum + log, 0) / classes;
  return {
    total,
    penalty: (1 - l1Ratio) / (C * total),
    sizePenalty: l1Ratio / (C * total),
    curvature: shares.reduce((sum, weight) => sum + weight / total * (1 - weight / total), 0) /
      classes,
    intercepts: classes === 2
      ? Float64Array.of(logs[1] - logs[0])
      : logs.map((log) => log - middle),
  };
}

/**
 * The loss of scikit-learn's `LogisticRegression`: the weighted mean of the
 * logistic loss (two classes) or of the cross-entropy of the softmax, plus
 * (`l1Ratio` Σ|coefficient| + (1 − `l1Ratio`) / 2 Σ coefficient²) / (C × total weight), the
 * intercept left out.
 *
 * A descent is slow if columns differ in scale or lie far from 0. Its
 * coordinates are therefore coefficients divided by `unit`, about the width of
 * the loss along each, with intercepts at the centre of the columns. The
 * minimum is the same, as the penalty is that of the coefficients themselves.
 */
export function logisticLoss(problem: LogisticProblem): LogisticLoss {
  const { filled: { columns, centre, spread }, y, classes, sampleWeight } = problem;
  const features = columns.length;
  const outputs = classes === 2 ? 1 : classes;
  const width = features + 1;
  const rows = y.length;
  const { total, penalty, sizePenalty, curvature, intercepts } = lossScale(problem);
  const unit = spread.map((deviation) =>
    deviation === 0 ? 0 : 1 / Math.sqrt(curvature * deviation ** 2 + penalty)
  );

  const planes = (point: Float64Array) => {
    const coefficients = new Float64Array(outputs * features);
    for (let k = 0; k < outputs; k++) {
      // Adding 0 turns −0 into 0, which JSON keeps.
      for (let j = 0; j < features; j++) {
        coefficients[k * features + j] = point[k * width + j] * unit[j] + 0;
      }
    }
    const intercepts = Float64Array.from(
      { length: outputs },
      (_, k) => point[k * width + features],
    );
    return { coefficients, intercepts };
  };

  // An odd number, so that the scores of one row do not all fall on the same lines of the cache.
  const blockRows = Math.max(16, Math.floor(blockScores / outputs)) | 1;
  const block = new Float64Array(outputs * blockRows);
  const objective: Objective = (point, gradient) => {
    const { coefficients, intercepts } = planes(point);
    gradient.fill(0);
    let loss = 0;
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start);
      for (let k = 0; k < outputs; k++) {
        const scores = block.subarray(k * blockRows, k * blockRows + count);
        scores.fill(intercepts[k]);
        for (let j = 0; j < features; j++) {
          const slope = coefficients[k * features + j];
          if (slope !== 0) addScaled(scores, columns[j], start, centre[j], slope);
        }
      }
      loss += outputs === 1
        ? logisticResiduals(block, y, sampleWeight, start, count)
        : softmaxResiduals(block, blockRows, y, sampleWeight, start, count);
      for (let k = 0; k < outputs; k++) {
        const residuals = block.subarray(k * blockRows, k * blockRows + count);
        for (let j = 0; j < features; j++) {
          if (unit[j] > 0) {
            gradient[k * width + j] += against(residuals, columns[j], start, centre[j]);
          }
        }
        for (let i = 0; i < count; i++) gradient[k * width + features] += residuals[i];
      }
    }
    let squares = 0;
    for (let k = 0; k < outputs; k++) {
      for (let j = 0; j < features; j++) {
        const coefficient = coefficients[k * features + j];
        const at = k * width + j;
        gradient[at] = (gradient[at] / total + penalty * coefficient) * unit[j];
        squares += coefficient * coefficient;
      }
      gradient[k * width + features] /= total;
    }
    return loss / total + penalty * squares / 2;
  };

  const start = new Float64Array(outputs * width);
  for (let k = 0; k < outputs; k++) start[k * width + features] = intercepts[k];
  const l1 = start.map((_, at) => at % width < features ? sizePenalty * unit[at % width] : 0);
  return { objective, start, outputs, planes, ...sizePenalty > 0 && { l1 } };
}

/** Adds slope × (values − centre) of some rows to their scores. */
function addScaled(
  scores: Float64Array,
  values: Float32Array,
  start: number,
  centre: number,
  slope: number,
): void {
  for (let i = 0; i < scores.length; i++) scores[i] += slope * (values[start + i] - centre);
}

/** The inner product of residuals with values − centre. */
function against(
  residuals: Float64Array,
  values: Float32Array,
  start: number,
  centre: number,
): number {
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) sum += residuals[i] * (values[start + i] - centre);
  return sum;
}

/** Turns log odds of class 1 into weighted residuals; gives the sum of losses. */
function logisticResiduals(
  block: Float64Array,
  y: Int32Array,
  sampleWeight: Float32Array | undefined,
  start: number,
  count: number,
): number {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const score = block[i];
    const label = y[start + i];
    const weight = sampleWeight ? sampleWeight[start + i] : 1;
    const small = Math.exp(-Math.abs(score));
    loss += weight * (Math.log1p(small) + Math.max(score, 0) - label * score);
    block[i] = weight * ((score > 0 ? 1 : small) / (1 + small) - label);
  }
  return loss;
}

/** Turns scores of all classes, `stride` apart, into weighted residuals; gives the sum of losses. */
function softmaxResiduals(
  block: Float64Array,
  stride: number,
  y: Int32Array,
  sampleWeight: Float32Array | undefined,
  start: number,
  count: number,
): number {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const label = y[start + i];
    const weight = sampleWeight ? sampleWeight[start + i] : 1;
    let highest = -Infinity;
    for (let at = i; at < block.length; at += stride) highest = Math.max(highest, block[at]);
    const own = block[label * stride + i] - highest;
    let sum = 0;
    for (let at = i; at < block.length; at += stride) {
      block[at] = Math.exp(block[at] - highest);
      sum += block[at];
    }
    loss += weight * (Math.log(sum) - own);
    for (let at = i; at < block.length; at += stride) block[at] *= weight / sum;
    block[label * stride + i] -= weight;
  }
  return loss;
}
