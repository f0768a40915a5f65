/** Learns what imputation, caps and encodings need. */

import { DataError } from "../base/mod.ts";
import type { CleanData } from "./clean_data.ts";
import { cleanedAs, kindOf } from "./columns/kinds.ts";
import { fitDerived } from "./derived.ts";
import { checkedFeatures } from "./feature_names.ts";
import { fitTarget } from "./fit_target.ts";
import type { InputField } from "./input_schema.ts";
import type { FeatureSet } from "./spec.ts";
import type { ColumnState, FeatureState } from "./state.ts";

/**
 * Learns medians, caps, modes and categories from the given rows, and looks at
 * no others: inside a fold give the training rows.
 *
 * Quantiles are NumPy's default over the Float32 values, rounded to Float32
 * once, so that an exported graph computes with the same numbers.
 *
 * @param rows Rows to learn from; all rows where it is left out.
 * @throws {DataError} if `rows` is empty, a column has no value in them, an
 * encoding needs the target and there is none, or two features have one name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, fit, number } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   columns: { Age: number({ cap: false }) },
 * });
 * const data = clean(set, { rows: 3, columns: { Age: [20, 30, 90] } }, { target: "none" });
 * const [age] = fit(set, data, Int32Array.of(0, 1)).columns;
 * assertEquals(age.kind === "number" && age.median, 25);
 * ```
 */
export function fit(set: FeatureSet, data: CleanData, rows = allRows(data)): FeatureState {
  if (rows.length === 0) {
    throw new DataError("Cannot fit the features: there are no rows to learn from", {
      next: "give at least one row",
    });
  }
  const target = fitTarget(set, data);
  const columns: ColumnState[] = Object.entries(set.columns).map(([name, spec]) => {
    const column = cleanedAs(data.columns[name], { kind: spec.kind, name });
    return kindOf(spec).fit(spec, column, { name, rows, target });
  });
  const derived = Object.entries(set.derived ?? {})
    .map(([name, spec]) => fitDerived(spec, name, data, rows));
  const fitted = { columns, ...(derived.length > 0 && { derived }) };
  return { ...fitted, features: checkedFeatures(fitted) };
}

/** The raw columns that a model with these features reads, in their order. */
export function inputSchema(state: FeatureState): InputField[] {
  return state.columns.map((column) => kindOf(column).input(column));
}

/** The indices of all rows. */
export function allRows(data: CleanData): Int32Array {
  const rows = new Int32Array(data.rows);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return rows;
}
