/** Columns without gaps, as linear models read them. */

import { column, type Matrix } from "../dataset/mod.ts";

/** The columns of a matrix with their means in place of missing values. */
export interface FilledColumns {
  /** The columns, each of shape [rows]; views if nothing is missing. */
  readonly columns: readonly Float32Array[];
  /**
   * Weighted mean of each column, rounded to Float32 so that a filled value is
   * exactly in the middle; 0 if all is missing, shape [columns].
   */
  readonly centre: Float64Array;
  /** Weighted standard deviation of each filled column, 0 if it is constant, shape [columns]. */
  readonly spread: Float64Array;
}

/** Fills the gaps of each column with its mean over the rows, weighted. */
export function filledColumns(X: Matrix, sampleWeight: Float32Array | undefined): FilledColumns {
  const centre = new Float64Array(X.columns);
  const spread = new Float64Array(X.columns);
  const columns = Array.from({ length: X.columns }, (_, j) => {
    const values = column(X, j);
    let sum = 0;
    let total = 0;
    let gaps = false;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < X.rows; i++) {
      const value = values[i];
      if (Number.isNaN(value)) {
        gaps = true;
        continue;
      }
      const weight = sampleWeight ? sampleWeight[i] : 1;
      if (weight === 0) continue;
      sum += weight * value;
      total += weight;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (total > 0) centre[j] = Math.fround(low === high ? low : sum / total);
    const filled = gaps ? values.map((value) => Number.isNaN(value) ? centre[j] : value) : values;
    if (low < high) spread[j] = deviation(filled, centre[j], sampleWeight);
    return filled;
  });
  return { columns, centre, spread };
}

function deviation(
  values: Float32Array,
  centre: number,
  sampleWeight: Float32Array | undefined,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = sampleWeight ? sampleWeight[i] : 1;
    sum += weight * (values[i] - centre) ** 2;
    total += weight;
  }
  return Math.sqrt(sum / total);
}
