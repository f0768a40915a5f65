/** Columns and targets with what least squares measures them from. */

import type { Matrix } from "../dataset/mod.ts";
import type { LinearRegressor } from "./contract.ts";
import { type FilledColumns, filledColumns } from "./imputed_columns.ts";
import { linearImportances } from "./linear_scores.ts";
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

/** A plane from the slopes of the columns in use, as a regression keeps it. */
export function planeOf(
  { centre, spread, means, meanTarget, used }: CentredColumns,
  slopes: ArrayLike<number>,
): Pick<LinearRegressor, "centre" | "coefficients" | "intercepts" | "featureImportances"> {
  const coefficients = new Float64Array(centre.length);
  // Adding 0 turns −0 into 0, which JSON keeps.
  used.forEach((j, place) => coefficients[j] = slopes[place] + 0);
  const intercept = coefficients.reduce(
    (sum, slope, j) => sum + slope * (centre[j] - means[j]),
    meanTarget,
  );
  return {
    ...{ centre, coefficients },
    intercepts: Float64Array.of(intercept + 0),
    featureImportances: linearImportances(coefficients, spread),
  };
}
