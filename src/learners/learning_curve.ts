/** How the error of a boosting falls from round to round. */

import { unitDeviance } from "../metrics/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { goesLeft, type Tree } from "../trees/mod.ts";
import { isNumberLoss, type LossSpec, type NumberLoss } from "../tree_growth/mod.ts";

/** The metric after each round, on the rows that were learned from and on others. */
export interface LearningCurve {
  /**
   * Mean negative log likelihood, or of numbers root mean squared error, mean Huber or pinball
   * loss, mean Poisson or Tweedie deviance.
   */
  readonly metric:
    | "logloss"
    | "rmse"
    | "huber"
    | "pinball"
    | "poisson_deviance"
    | "tweedie_deviance";
  /** After each round on the training rows, their weights counted. */
  readonly train: readonly number[];
  /** After each round on the validation rows. */
  readonly validation: readonly number[];
  /** The round of the lowest validation metric, from 0: rounds 0 to this one are the model. */
  readonly bestIteration: number;
}

/** What the curves of losses of numbers show. */
const numberMetrics = {
  squared: "rmse",
  huber: "huber",
  quantile: "pinball",
  poisson: "poisson_deviance",
  tweedie: "tweedie_deviance",
} as const;

/** What the curve of a loss shows. */
export function metricOfLoss(kind: LossSpec["kind"]): LearningCurve["metric"] {
  return isNumberLoss(kind) ? numberMetrics[kind] : "logloss";
}

/** Probabilities are cut off here before their logarithm is taken (scikit-learn's log_loss). */
const leastProbability = 1e-15;

/** The metric of scores: log loss of classes, of numbers the error that was minimised. */
export function measure(
  { kind, outputs, alpha = 0.5 }: LossSpec,
  margins: Float32Array,
  targets: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): number {
  const rows = targets.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    total += weight;
    if (isNumberLoss(kind)) {
      sum += weight * errorOf(kind, margins[i], targets[i], alpha);
    } else {
      const p = kind === "logistic"
        ? 1 / (1 + Math.exp(targets[i] === 1 ? -margins[i] : margins[i]))
        : softmaxShare(margins, i, rows, outputs, targets[i]);
      sum -= weight * Math.log(Math.max(p, leastProbability));
    }
  }
  return kind === "squared" ? Math.sqrt(sum / total) : sum / total;
}

function errorOf(kind: NumberLoss, score: number, target: number, alpha: number): number {
  const error = score - target;
  const size = Math.abs(error);
  switch (kind) {
    case "squared":
      return error ** 2;
    case "huber":
      return size <= alpha ? error ** 2 / 2 : alpha * (size - alpha / 2);
    case "quantile":
      return error >= 0 ? (1 - alpha) * size : alpha * size;
    case "poisson":
      return unitDeviance(target, Math.exp(score), 1);
    case "tweedie":
      return unitDeviance(target, Math.exp(score), alpha);
  }
}

function softmaxShare(
  margins: Float32Array,
  row: number,
  rows: number,
  outputs: number,
  label: number,
): number {
  let sum = 0;
  const own = margins[label * rows + row];
  for (let k = 0; k < outputs; k++) sum += Math.exp(margins[k * rows + row] - own);
  return 1 / sum;
}

/** Adds the leaf that each row of `X` reaches in `tree` to the row's score. */
export function addTree(tree: Tree, X: Matrix, margins: Float32Array): void {
  const { feature, left, right, leaves } = tree;
  for (let i = 0; i < X.rows; i++) {
    let node = 0;
    while (feature[node] >= 0) {
      const value = X.data[feature[node] * X.rows + i];
      node = goesLeft(tree, node, value) ? left[node] : right[node];
    }
    margins[i] += leaves[left[node]];
  }
}
