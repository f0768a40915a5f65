/** Losses of gradient boosting: where they start and which way is down. */

import { quickExp } from "./exponential.ts";
import { percentile } from "./percentile.ts";

/** Losses of numbers; those of {@link logarithmic} are of scores that are logarithms. */
export type NumberLoss = "squared" | "huber" | "quantile" | "poisson" | "tweedie";

/** A loss as plain data, so that workers can have it. */
export interface LossSpec {
  /** Two classes, several, or numbers by one of several losses. */
  readonly kind: "logistic" | "softmax" | NumberLoss;
  /**
   * Of "quantile" the share of targets below it, of "huber" if it turns linear, of "poisson" how
   * far a step is trusted, of "tweedie" the power of the mean that the variance is.
   */
  readonly alpha?: number;
  /** Number of scores of each row: classes, or 1. */
  readonly outputs: number;
  /** Factor on the hessian p (1 − p) of the softmax: 2 in XGBoost, K / (K − 1) in LightGBM. */
  readonly softmaxFactor: number;
}

/** A loss over the scores of each row. */
export interface Loss {
  /**
   * Writes gradient and hessian of output k of rows `from` to `to − 1` to places
   * `2 * (k * rows + i)` and the next, from the scores at `k * rows + i`.
   */
  gradients(
    margins: Float32Array,
    targets: Float32Array,
    weights: Float32Array | undefined,
    gradients: Float32Array,
    from: number,
    to: number,
  ): void;
}

/** A hessian is at least this, so that leaves of certain rows stay finite (XGBoost's kRtEps). */
const leastHessian = 1e-16;

/** A class without rows starts at this share: its logarithm must be finite. */
const leastShare = 1e-6;

/** The loss that a specification names. */
export function lossOf({ kind, outputs, softmaxFactor, alpha = 1 }: LossSpec): Loss {
  switch (kind) {
    case "squared":
      return squaredLoss;
    case "huber":
      return numberLoss((error) => Math.min(Math.max(error, -alpha), alpha));
    case "quantile":
      return numberLoss((error) => error >= 0 ? 1 - alpha : -alpha);
    case "poisson":
      return poissonLoss(alpha);
    case "tweedie":
      return tweedieLoss(alpha);
    case "logistic":
      return logisticLoss;
    case "softmax":
      return softmaxLoss(outputs, softmaxFactor);
  }
}

/** Whether a loss is one of numbers. */
export function isNumberLoss(kind: LossSpec["kind"]): kind is NumberLoss {
  return kind !== "logistic" && kind !== "softmax";
}

/** The losses whose scores are logarithms of the predicted numbers. */
export function logarithmic(kind: LossSpec["kind"]): boolean {
  return kind === "poisson" || kind === "tweedie";
}

/**
 * The furthest step of a score that is a logarithm: a factor of 22,000, beyond which the slope
 * at where a leaf is says nothing of where it goes.
 */
export const furthestLeaf = 10;

/** Scores beyond this, measured from the mean, have gradients that sums in Float32 cannot hold. */
const furthestScore = 60;

const withinReach = (score: number) =>
  score > furthestScore ? furthestScore : score < -furthestScore ? -furthestScore : score;

/**
 * Poisson deviance of numbers from their logarithms (LightGBM's `poisson`): the hessian is that of
 * a score higher by `step`, so that steps stay short where predictions are low.
 */
function poissonLoss(step: number): Loss {
  const factor = Math.exp(step);
  return {
    gradients(margins, targets, weights, gradients, from, to) {
      for (let i = from; i < to; i++) {
        const weight = weights ? weights[i] : 1;
        const mean = quickExp(withinReach(margins[i]));
        gradients[2 * i] = (mean - targets[i]) * weight;
        gradients[2 * i + 1] = mean * factor * weight;
      }
    },
  };
}

/** Tweedie deviance of a power above 1 and below 2 (LightGBM's `tweedie`). */
function tweedieLoss(power: number): Loss {
  return {
    gradients(margins, targets, weights, gradients, from, to) {
      for (let i = from; i < to; i++) {
        const weight = weights ? weights[i] : 1;
        const score = withinReach(margins[i]);
        const told = targets[i] * quickExp((1 - power) * score);
        const mean = quickExp((2 - power) * score);
        gradients[2 * i] = (mean - told) * weight;
        gradients[2 * i + 1] = ((power - 1) * told + (2 - power) * mean) * weight;
      }
    },
  };
}

/** A loss by its slope at an error; its hessian counts as 1, as in LightGBM. */
function numberLoss(slope: (error: number) => number): Loss {
  return {
    gradients(margins, targets, weights, gradients, from, to) {
      for (let i = from; i < to; i++) {
        const weight = weights ? weights[i] : 1;
        gradients[2 * i] = slope(margins[i] - targets[i]) * weight;
        gradients[2 * i + 1] = weight;
      }
    },
  };
}

/** Half the squared error (XGBoost's `reg:squarederror`). */
const squaredLoss: Loss = {
  gradients(margins, targets, weights, gradients, from, to) {
    for (let i = from; i < to; i++) {
      const weight = weights ? weights[i] : 1;
      gradients[2 * i] = (margins[i] - targets[i]) * weight;
      gradients[2 * i + 1] = weight;
    }
  },
};

/** Two classes: logistic loss of the log odds of class 1 (XGBoost's `binary:logistic`). */
const logisticLoss: Loss = {
  gradients(margins, targets, weights, gradients, from, to) {
    for (let i = from; i < to; i++) {
      const p = Math.fround(1 / (1 + quickExp(-margins[i])));
      const weight = weights ? weights[i] : 1;
      gradients[2 * i] = (p - targets[i]) * weight;
      gradients[2 * i + 1] = Math.max(p * (1 - p), leastHessian) * weight;
    }
  },
};

/**
 * More classes: cross-entropy of the softmax (XGBoost's `multi:softprob`), one
 * class after another, so that each pass reads and writes in order.
 */
function softmaxLoss(classes: number, factor: number): Loss {
  return {
    gradients(margins, targets, weights, gradients, from, to) {
      const rows = targets.length;
      const highest = margins.slice(from, to);
      for (let k = 1; k < classes; k++) raiseTo(highest, margins, k * rows + from);
      const sums = new Float64Array(to - from);
      for (let k = 0; k < classes; k++) {
        addExponentials(sums, margins, highest, gradients, k * rows + from);
      }
      for (let k = 0; k < classes; k++) {
        for (let i = from; i < to; i++) {
          const at = 2 * (k * rows + i);
          const p = Math.fround(gradients[at] / sums[i - from]);
          const weight = weights ? weights[i] : 1;
          const hessian = factor * p * (1 - p);
          gradients[at] = (targets[i] === k ? p - 1 : p) * weight;
          gradients[at + 1] = (hessian > leastHessian ? hessian : leastHessian) * weight;
        }
      }
    },
  };
}

function raiseTo(highest: Float32Array, margins: Float32Array, first: number): void {
  for (let i = 0; i < highest.length; i++) {
    const margin = margins[first + i];
    if (margin > highest[i]) highest[i] = margin;
  }
}

/** Adds the exponentials of one class to `sums` and leaves them if its gradients will be. */
function addExponentials(
  sums: Float64Array,
  margins: Float32Array,
  highest: Float32Array,
  gradients: Float32Array,
  first: number,
): void {
  for (let i = 0; i < sums.length; i++) {
    const exponential = quickExp(margins[first + i] - highest[i]);
    gradients[2 * (first + i)] = exponential;
    sums[i] += exponential;
  }
}

/** The score of each output before any tree: the best constant. */
export function baseScores(
  { kind, outputs, alpha = 0.5 }: LossSpec,
  targets: Float32Array,
  weights: Float32Array | undefined,
): Float32Array {
  if (kind === "quantile") {
    const rows = [...targets.keys()].filter((i) => !weights || weights[i] > 0);
    const known = Float64Array.from(rows, (i) => targets[i]);
    const counted = weights && Float64Array.from(rows, (i) => weights[i]);
    return Float32Array.of(percentile(known, alpha, counted));
  }
  if (isNumberLoss(kind)) {
    const mean = weightedMean(targets, weights);
    return Float32Array.of(logarithmic(kind) ? Math.log(mean) : mean);
  }
  const classWeight = new Float64Array(Math.max(outputs, 2));
  for (let i = 0; i < targets.length; i++) classWeight[targets[i]] += weights ? weights[i] : 1;
  if (kind === "softmax") return logShares(classWeight);
  return Float32Array.of(Math.log(classWeight[1] / classWeight[0]));
}

function weightedMean(targets: Float32Array, weights: Float32Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < targets.length; i++) {
    const weight = weights ? weights[i] : 1;
    sum += weight * targets[i];
    total += weight;
  }
  return sum / total;
}

/** Logarithms of the shares of the classes, moved so that their mean is 0. */
function logShares(classWeight: Float64Array): Float32Array {
  const total = classWeight.reduce((sum, weight) => sum + weight, 0);
  const logs = classWeight.map((weight) => Math.log(Math.max(weight / total, leastShare)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return Float32Array.from(logs, (log) => log - mean);
}
