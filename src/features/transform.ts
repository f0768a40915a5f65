/** From cleaned columns to the matrix that learners read. */

import { emptyMatrix, type Matrix } from "../table/matrix.ts";
import type { CleanData } from "./clean_data.ts";
import { columnFeatures, transformColumn } from "./columns/kinds.ts";
import { allRows } from "./fit.ts";
import type { FeatureState } from "./state.ts";

/**
 * Imputes, caps and encodes the given rows, in their order; rows may repeat.
 *
 * @param rows Rows to transform; all rows where it is left out.
 * @returns A matrix without NaN, shape [rows, features].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, fit, number, oneHot, transform } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   columns: { Age: number(), Job: oneHot() },
 * });
 * const table = { rows: 3, columns: { Age: [20, null, 40], Job: ["Cook", "Cook", "Smith"] } };
 * const data = clean(set, table, { target: "none" });
 * const state = fit(set, data);
 * assertEquals(state.features, ["Age", "Job_Cook", "Job_Smith"]);
 * assertEquals([...transform(state, data).data], [20, 30, 40, 1, 1, 0, 0, 0, 1]);
 * ```
 */
export function transform(state: FeatureState, data: CleanData, rows = allRows(data)): Matrix {
  const matrix = emptyMatrix(rows.length, state.features.length);
  let first = 0;
  for (const column of state.columns) {
    const last = first + columnFeatures(column).length;
    const out = matrix.data.subarray(first * rows.length, last * rows.length);
    transformColumn(column, data.columns[column.name], rows, out);
    first = last;
  }
  return matrix;
}
