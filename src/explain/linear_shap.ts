/** Shapley values of a linear model. */

import { ModelError } from "../base/mod.ts";
import type { FeatureColumns } from "../trees/mod.ts";
import type { ShapValues } from "./tree_shap.ts";

/** A linear model: scores are intercept + Σ coefficient × (value − centre). */
export interface LinearModel {
  /** Mean of each feature over the training rows, shape [features]. */
  readonly centre: ArrayLike<number>;
  /** Slope of each output along each feature, output by output, shape [outputs × features]. */
  readonly coefficients: ArrayLike<number>;
  /** Score of each output at the centre, shape [outputs]. */
  readonly intercepts: ArrayLike<number>;
}

/** Shapley values with the scores that they add up to, exact where values are Float32. */
export interface LinearShapValues extends ShapValues {
  /** The scores, output by output, shape [outputs × rows]. */
  readonly scores: Float64Array;
}

/**
 * The exact Shapley values of each feature for each row and score, where an
 * unknown feature has its mean over the training rows: the coefficient times the
 * distance from that mean. A missing value counts as the mean, so it adds nothing.
 *
 * Source: Lundberg and Lee, 2017, "A unified approach to interpreting model
 * predictions"; shap `LinearExplainer` with independent features.
 *
 * @param X Rows with the columns that the model was fitted on.
 * @throws {ModelError} if X has another number of columns than the model reads.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = { centre: [2, 0], coefficients: [3, 1], intercepts: [10] };
 * const X = { rows: 1, columns: 2, data: Float32Array.of(4, NaN) };
 * const { base, values, scores } = linearShap(line, X);
 * assertEquals([base[0], ...values, scores[0]], [10, 6, 0, 16]); // 16 = 10 + 6 + 0
 * ```
 */
export function linearShap(
  { centre, coefficients, intercepts }: LinearModel,
  X: FeatureColumns,
): LinearShapValues {
  const [outputs, features, rows] = [intercepts.length, centre.length, X.rows];
  if (X.columns !== features) {
    throw new ModelError(
      `Cannot explain: the rows have ${X.columns} columns, the model reads ${features}`,
      { next: "give the columns that the model was fitted on, in the same order" },
    );
  }
  const values = new Float32Array(outputs * features * rows);
  const scores = new Float64Array(outputs * rows);
  for (let k = 0; k < outputs; k++) {
    const sums = scores.subarray(k * rows, (k + 1) * rows).fill(intercepts[k]);
    for (let j = 0; j < features; j++) {
      const coefficient = coefficients[k * features + j];
      const from = (k * features + j) * rows;
      for (let i = 0; i < rows; i++) {
        const value = X.data[j * rows + i];
        if (Number.isNaN(value)) continue;
        const added = coefficient * (value - centre[j]);
        values[from + i] = added;
        sums[i] += added;
      }
    }
  }
  return { rows, features, outputs, base: Float64Array.from(intercepts), values, scores };
}
