/** Columns and targets with what least squares measures them from. */

import type { Matrix } from "../table/mod.ts";
import { type FilledColumns, filledColumns } from "./imputed_columns.ts";
import { targetScale, weightedMean } from "./target_scale.ts";

/** Columns without gaps, and the means that make an intercept needless. */
export interface CentredColumns extends FilledColumns {
  /** Weighted mean of each column, shape [columns]. */
  readonly means: readonly number[];
  /** Weighted mean of the targets. */
  readonly meanTarget: number;
  /** The columns that are not constant: the others' difference from the mean is rounding. */
  readonly used: readonly number[];
}

/** Finds the means of columns and targets. */
export function centredColumns(
  X: Matrix,
  y: Float32Array | Float64Array,
  sampleWeight: Float32Array | undefined,
): CentredColumns {
  const filled = filledColumns(X, sampleWeight);
  const { columns, spread } = filled;
  return {
    ...filled,
    means: columns.map((values) => weightedMean(values, sampleWeight)),
    meanTarget: targetScale(y, sampleWeight).base,
    used: [...spread.keys()].filter((j) => spread[j] > 0),
  };
}
