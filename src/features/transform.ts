/** From cleaned columns to the matrix that learners read. */

import { type Bag, emptyMatrix, type Matrix } from "../dataset/mod.ts";
import type { CleanData } from "./clean_data.ts";
import { cleanedAs, kindOf } from "./columns/kinds.ts";
import { numberFeatureNames } from "./columns/number_features.ts";
import { type DerivedState, transformDerived } from "./derived.ts";
import { featuresOf } from "./feature_names.ts";
import { allRows } from "./fit.ts";
import type { ColumnState, FeatureState } from "./state.ts";

/**
 * Imputes, caps and encodes the given rows, in their order; rows may repeat.
 *
 * @param rows Rows to transform; all rows where it is left out.
 * @returns The features, shape [rows, features]; NaN only in columns that keep
 * missing values.
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
  eachBlock(state, matrix, (column, out) => {
    const cleaned = cleanedAs(data.columns[column.name], column);
    kindOf(column).transform(column, cleaned, rows, out);
  }, (derived, out) => transformDerived(derived, data, rows, out));
  const bags = bagsOf(state, data, rows);
  return bags.length === 0 ? matrix : { ...matrix, bags };
}

function bagsOf({ columns }: FeatureState, data: CleanData, rows: Int32Array): Bag[] {
  let place = 0;
  return columns.flatMap((column) => {
    const first = place;
    place += featuresOf(column).length;
    const { bag } = kindOf(column);
    if (bag === null) return [];
    return [bag(column, cleanedAs(data.columns[column.name], column), rows, first)];
  });
}

/** Goes through the columns with the part of the matrix that holds their features. */
export function eachBlock(
  { columns, derived = [] }: FeatureState,
  matrix: Matrix,
  ofColumn: (column: ColumnState, out: Float32Array) => void,
  ofDerived: (derived: DerivedState, out: Float32Array) => void,
): void {
  let first = 0;
  const block = (features: number) => {
    const from = first;
    first += features;
    return matrix.data.subarray(from * matrix.rows, first * matrix.rows);
  };
  for (const column of columns) ofColumn(column, block(featuresOf(column).length));
  for (const state of derived) ofDerived(state, block(numberFeatureNames(state).length));
}
