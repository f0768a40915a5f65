/** The logistic curve through scores and outcomes. */

import { lbfgs, minimum } from "../lbfgs.ts";

/** A curve 1 / (1 + exp(−(slope × score + intercept))). */
export interface SigmoidCurve {
  /** Change of the log odds with the score. */
  readonly slope: number;
  /** Log odds at score 0. */
  readonly intercept: number;
}

/**
 * Fits the curve by maximum likelihood. Targets are not 0 and 1 but what a
 * uniform prior makes of the counts, 1 / (negatives + 2) and (positives + 1) /
 * (positives + 2), so that the curve stays finite if scores separate the
 * outcomes.
 *
 * Source: Platt, 1999, "Probabilistic Outputs for Support Vector Machines";
 * scikit-learn `CalibratedClassifierCV(method="sigmoid")`.
 *
 * @param scores Finite scores, shape [rows].
 * @param outcomes 1 if the class came true, else 0, shape [rows].
 * @param sampleWeight Weight of each row, shape [rows]; 1 if it is left out.
 */
export function fitSigmoid(
  scores: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): SigmoidCurve {
  const weightOf = (i: number) => sampleWeight ? sampleWeight[i] : 1;
  const totals = [0, 0];
  let widest = 0;
  for (let i = 0; i < scores.length; i++) {
    totals[outcomes[i]] += weightOf(i);
    widest = Math.max(widest, Math.abs(scores[i]));
  }
  const [negative, positive] = totals;
  const targets = [1 / (negative + 2), (positive + 1) / (positive + 2)];
  // Scores of at most 1 make both parameters alike in scale.
  const unit = widest || 1;
  const start = Float64Array.of(0, Math.log((positive + 1) / (negative + 1)));
  const { point: [slope, intercept] } = minimum(lbfgs(
    ([slope, intercept], gradient) => {
      let loss = 0;
      gradient.fill(0);
      for (let i = 0; i < scores.length; i++) {
        const place = scores[i] / unit;
        const logOdds = slope * place + intercept;
        const target = targets[outcomes[i]];
        const weight = weightOf(i) / (negative + positive);
        const small = Math.exp(-Math.abs(logOdds));
        loss += weight * (Math.log1p(small) + Math.max(logOdds, 0) - target * logOdds);
        const residual = weight * ((logOdds > 0 ? 1 : small) / (1 + small) - target);
        gradient[0] += residual * place;
        gradient[1] += residual;
      }
      return loss;
    },
    start,
    { tolerance: 1e-9, maxIterations: 500 },
  ));
  return { slope: slope / unit + 0, intercept: intercept + 0 };
}

/** The curve's value at each score. */
export function curveAt({ slope, intercept }: SigmoidCurve, scores: Float32Array): Float32Array {
  return scores.map((score) => 1 / (1 + Math.exp(-(slope * score + intercept))));
}
