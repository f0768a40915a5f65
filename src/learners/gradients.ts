/** Losses of gradient boosting: where it starts and which way is down. */

/** A loss over `outputs` scores of each row. */
export interface Loss {
  /** Scores of each row: the classes, or 1 for two of them. */
  readonly outputs: number;
  /** From scores to probabilities. */
  readonly link: "softmax" | "logistic";
  /** The score of each output before any tree, from the total weight of each class. */
  base(classWeight: Float64Array): Float32Array;
  /**
   * Writes the gradient and hessian of output k in row i to places
   * `2 * (k * rows + i)` and the next, from its score at `k * rows + i`.
   */
  gradients(
    margins: Float32Array,
    labels: Int32Array,
    sampleWeight: Float32Array | undefined,
    gradients: Float32Array,
  ): void;
}

/** A hessian is at least this, so that leaves of certain rows stay finite (XGBoost's kRtEps). */
const leastHessian = 1e-16;

/** A class without rows starts at this share: its logarithm must be finite. */
const leastShare = 1e-6;

/** Two classes: logistic loss of the log odds of class 1 (XGBoost's `binary:logistic`). */
export const logisticLoss: Loss = {
  outputs: 1,
  link: "logistic",
  base: ([negative, positive]) => Float32Array.of(Math.log(positive / negative)),
  gradients(margins, labels, sampleWeight, gradients) {
    for (let i = 0; i < labels.length; i++) {
      const p = Math.fround(1 / (1 + Math.exp(-margins[i])));
      const weight = sampleWeight ? sampleWeight[i] : 1;
      gradients[2 * i] = (p - labels[i]) * weight;
      gradients[2 * i + 1] = Math.max(p * (1 - p), leastHessian) * weight;
    }
  },
};

/**
 * More classes: cross-entropy of the softmax (XGBoost's `multi:softprob`), whose
 * hessian 2 p (1 − p) bounds the true one from above.
 */
export function softmaxLoss(classes: number): Loss {
  return {
    outputs: classes,
    link: "softmax",
    base: logShares,
    gradients(margins, labels, sampleWeight, gradients) {
      const rows = labels.length;
      const exponentials = new Float32Array(classes);
      for (let i = 0; i < rows; i++) {
        let highest = -Infinity;
        for (let k = 0; k < classes; k++) highest = Math.max(highest, margins[k * rows + i]);
        let sum = 0;
        for (let k = 0; k < classes; k++) {
          exponentials[k] = Math.exp(margins[k * rows + i] - highest);
          sum += exponentials[k];
        }
        const weight = sampleWeight ? sampleWeight[i] : 1;
        for (let k = 0; k < classes; k++) {
          const p = Math.fround(exponentials[k] / sum);
          const at = 2 * (k * rows + i);
          gradients[at] = (p - (labels[i] === k ? 1 : 0)) * weight;
          gradients[at + 1] = Math.max(2 * p * (1 - p), leastHessian) * weight;
        }
      }
    },
  };
}

/** Logarithms of the shares of the classes, moved so that their mean is 0. */
function logShares(classWeight: Float64Array): Float32Array {
  const total = classWeight.reduce((sum, weight) => sum + weight, 0);
  const logs = classWeight.map((weight) => Math.log(Math.max(weight / total, leastShare)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return Float32Array.from(logs, (log) => log - mean);
}
