/** The one pass over rows that predictions of linear models need. */

import { ModelError } from "../base/mod.ts";
import { type Bag, column, type Matrix } from "../dataset/mod.ts";
import type { BagPlanes } from "./contract.ts";

/** Planes over the columns of a matrix. */
export interface LinearScorer {
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /** Slope of each output along each feature, output by output, shape [outputs × features]. */
  readonly coefficients: Float64Array;
  /** Slopes along the terms of columns that hold bags; absent without such columns. */
  readonly bags?: readonly BagPlanes[];
  /** Score of each output at the centre, with empty bags, shape [outputs]. */
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
  { centre, coefficients, bags = [], intercepts }: LinearScorer,
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
  for (const planes of bags) {
    bagScores(planes, bagOfColumn(planes, X)).forEach((score, at) => scores[at] += score);
  }
  return scores;
}

/** What the terms of a column add to the scores of each row, output by output, shape [outputs × rows]. */
export function bagScores({ terms, coefficients }: BagPlanes, bag: Bag): Float64Array {
  const { offsets, places, values } = bag;
  const rows = offsets.length - 1;
  const outputs = coefficients.length / terms;
  const scores = new Float64Array(outputs * rows);
  const sums = new Float64Array(outputs);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let at = offsets[i]; at < offsets[i + 1]; at++) {
      const from = places[at] * outputs;
      const value = values[at];
      for (let k = 0; k < outputs; k++) sums[k] += value * coefficients[from + k];
    }
    for (let k = 0; k < outputs; k++) scores[k * rows + i] = sums[k];
  }
  return scores;
}

/**
 * The bags of the column that a model has planes for.
 *
 * @throws {ModelError} if the rows have none there, or of another number of terms.
 */
export function bagOfColumn({ column, terms }: BagPlanes, { bags = [] }: Matrix): Bag {
  const bag = bags.find((bag) => bag.column === column);
  if (bag?.terms === terms) return bag;
  throw new ModelError(
    `Cannot predict: column ${column} has ${
      bag === undefined ? "no texts" : `texts of ${bag.terms} terms`
    }, the model reads texts of ${terms} terms`,
    { next: "give the columns that the model was fitted on, made by the same features" },
  );
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
