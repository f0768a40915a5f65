/** Learns from rows and transforms the same rows: what training does with its training rows. */

import type { Matrix } from "../dataset/mod.ts";
import type { CleanData } from "./clean_data.ts";
import { cleanedAs, kindOf } from "./columns/kinds.ts";
import { fitTarget } from "./fit_target.ts";
import { allRows, fit } from "./fit.ts";
import type { FeatureSet } from "./spec.ts";
import type { FeatureState } from "./state.ts";
import { eachBlock, transform } from "./transform.ts";

/** Features with the matrix of the rows that they were learned from. */
export interface FittedFeatures {
  /** What was learned. */
  readonly state: FeatureState;
  /** The features of the same rows, shape [rows, features]. */
  readonly X: Matrix;
}

/**
 * Learns from `rows` and transforms them. Always use it for the rows that a
 * learner is fitted to: an encoding that reads the target must not show a row
 * its own label, which `fit` followed by `transform` would.
 *
 * @param rows Rows to learn from and to transform; all rows where it is left out.
 * @throws {DataError} as `fit`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, fitTransform, number } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   columns: { Age: number() },
 * });
 * const data = clean(set, { rows: 3, columns: { Age: [20, null, 40] } }, { target: "none" });
 * assertEquals([...fitTransform(set, data).X.data], [20, 30, 40]);
 * ```
 */
export function fitTransform(
  set: FeatureSet,
  data: CleanData,
  rows: Int32Array = allRows(data),
): FittedFeatures {
  const state = fit(set, data, rows);
  return { state, X: transformTraining(set, state, data, rows) };
}

/**
 * The features of the rows that `state` was learned from, as {@linkcode fitTransform} gives
 * them: for a learner that is fitted if they were not learned, as in another thread.
 *
 * @param rows The rows that `state` was learned from.
 */
export function transformTraining(
  set: FeatureSet,
  state: FeatureState,
  data: CleanData,
  rows: Int32Array,
): Matrix {
  const X = transform(state, data, rows);
  const target = fitTarget(set, data);
  eachBlock(state, X, (column, out) => {
    const { name } = column;
    const { transformLearned } = kindOf(column);
    if (transformLearned === null) return;
    const cleaned = cleanedAs(data.columns[name], column);
    transformLearned(set.columns[name], column, cleaned, { name, rows, target }, out);
  }, () => {});
  return X;
}
