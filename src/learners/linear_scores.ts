/** The one pass over rows that predictions of linear models need. */

import { ModelError } from "../base/mod.ts";
import { column, type Matrix } from "../table/mod.ts";

/** Planes over the columns of a matrix. */
export interface LinearScorer {
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /** Slope of each output along each feature, output by output, shape [outputs × features]. */
  readonly coefficients: Float64Array;
  /** Score of each output at the centre, shape [outputs]. */
  readonly intercepts: Float64Array;
}

/**
 * The score of each output for each row, intercept + Σ coefficient × (value −
 * centre), summed in Float64 column by column.
 *
 * @returns Output by output, shape [outputs × rows].
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export function linearScores(
  { centre, coefficients, intercepts }: LinearScorer,
  X: Matrix,
): Float64Array {
  if (X.columns !== centre.length) {
    throw new ModelError(
      `Cannot predict: the rows have ${X.columns} columns, the model reads ${centre.length}`,
      { next: "give the columns that the model was fitted on, in the same order" },
    );
  }
  const { rows } = X;
  const scores = new Float64Array(intercepts.length * rows);
  for (let k = 0; k < intercepts.length; k++) {
    const sums = scores.subarray(k * rows, (k + 1) * rows).fill(intercepts[k]);
    for (let j = 0; j < centre.length; j++) {
      const coefficient = coefficients[k * centre.length + j];
      if (coefficient === 0) continue;
      const values = column(X, j);
      const middle = centre[j];
      for (let i = 0; i < rows; i++) {
        const value = values[i];
        if (value === value) sums[i] += coefficient * (value - middle);
      }
    }
  }
  return scores;
}

/**
 * Share of each feature in what moves the scores: the mean over outputs of
 * |coefficient| × the feature's standard deviation, sums to 1 unless all are 0.
 */
export function linearImportances(coefficients: Float64Array, spread: Float64Array): Float64Array {
  const moved = new Float64Array(spread.length);
  coefficients.forEach((coefficient, at) => {
    const j = at % spread.length;
    moved[j] += Math.abs(coefficient) * spread[j];
  });
  const total = moved.reduce((sum, value) => sum + value, 0);
  return total > 0 ? moved.map((value) => value / total) : moved;
}
