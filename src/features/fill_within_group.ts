/** Missing values from other rows of the same group. */

import { type CleanColumn, type CleanData, sharedFloat32, sharedInt32 } from "./clean_data.ts";

/**
 * Fills missing values from the nearest earlier row of the same group that has
 * one, else from the nearest later one. Rows of a group must be in time order.
 * For batches only: a single row to predict on has no neighbours.
 *
 * @returns New data that shares what was not filled; the same data where it has
 * no groups.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, fillWithinGroup, number } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   group: "Customer",
 *   columns: { Age: number() },
 * });
 * const table = { rows: 4, columns: { Customer: ["a", "b", "a", "a"], Age: [null, null, 30, null] } };
 * const { columns } = fillWithinGroup(clean(set, table, { target: "none" }));
 * assertEquals(columns.Age, { kind: "numbers", values: new Float32Array([30, NaN, 30, 30]) });
 * ```
 */
export function fillWithinGroup(data: CleanData): CleanData {
  const { groups } = data;
  if (groups === undefined) return data;
  let count = 0;
  for (const group of groups) count = Math.max(count, group + 1);
  const columns: Record<string, CleanColumn> = {};
  for (const [name, column] of Object.entries(data.columns)) {
    if (column.kind === "numbers") {
      const values = sharedFloat32(data.rows);
      values.set(column.values);
      fill(values, groups, count, Number.isNaN);
      columns[name] = { ...column, values };
    } else {
      const codes = sharedInt32(data.rows);
      codes.set(column.codes);
      fill(codes, groups, count, (code) => code < 0);
      columns[name] = { ...column, codes };
    }
  }
  return { ...data, columns };
}

/** Carries the last value of each group down, then the first one up to the rows before it. */
function fill(
  values: Float32Array | Int32Array,
  groups: Int32Array,
  count: number,
  isMissing: (value: number) => boolean,
): void {
  const source = new Int32Array(count).fill(-1);
  const carry = (row: number) => {
    const group = groups[row];
    if (!isMissing(values[row])) source[group] = row;
    else if (source[group] >= 0) values[row] = values[source[group]];
  };
  for (let row = 0; row < groups.length; row++) carry(row);
  source.fill(-1);
  for (let row = groups.length - 1; row >= 0; row--) carry(row);
}
