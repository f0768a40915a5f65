/** Rows read by columns, cleaned as training cleaned them: each distinct text once. */

import { DataError } from "../base/mod.ts";
import {
  type CleanColumn,
  type CleanData,
  columnsOfState,
  type FeatureState,
  kindOf,
} from "../features/mod.ts";
import type { SliceColumn, TableSlice } from "../table/mod.ts";

/**
 * Cleans a slice by what a model's columns learned. Cells are cleaned one by one and learn nothing
 * from each other, so texts that repeat are cleaned once.
 *
 * @throws {DataError} if a column that the model reads is missing.
 */
export function cleanSlice(state: FeatureState, slice: TableSlice): CleanData {
  const specs = columnsOfState(state);
  const columns: Record<string, CleanColumn> = {};
  for (const own of state.columns) {
    const { name } = own;
    const found = slice.columns[name];
    if (found === undefined) {
      throw new DataError(`Cannot score: column "${name}" is missing`, {
        next: "give a table with the columns that the model reads",
      });
    }
    const kind = kindOf(own);
    const clean = (cells: readonly (string | number | null)[]) =>
      kind.clean(specs[name], cells, { name, state: own, tell: () => {} });
    if (found.kind === "numbers" && kind.form === "numbers") {
      // A typed array reads as a list of cells, and NaN as none.
      columns[name] = clean(found.values as unknown as readonly number[]);
    } else {
      const { codes, cells } = distinctCells(found);
      columns[name] = spread(clean(cells), codes);
    }
  }
  return { rows: slice.rows, columns, unlabelled: 0 };
}

/** The cells that occur, the last of which is a missing one, and which of them each row has. */
function distinctCells(column: SliceColumn): {
  readonly codes: Int32Array;
  readonly cells: readonly (string | number | null)[];
} {
  if (column.kind === "texts") {
    const { codes, distinct } = column;
    const missing = distinct.length;
    return { codes: codes.map((code) => code < 0 ? missing : code), cells: [...distinct, null] };
  }
  const places = new Map<number, number>();
  const cells: (number | null)[] = [];
  const codes = Int32Array.from(column.values, (value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    const place = cells.push(Number.isNaN(value) ? null : value) - 1;
    places.set(value, place);
    return place;
  });
  return { codes, cells };
}

/** The column of all rows, from that of the distinct cells. */
function spread(distinct: CleanColumn, codes: Int32Array): CleanColumn {
  const { length } = codes;
  if (distinct.kind === "numbers") {
    const values = new Float32Array(new SharedArrayBuffer(4 * length));
    for (let row = 0; row < length; row++) values[row] = distinct.values[codes[row]];
    return { ...distinct, values };
  }
  const own = new Int32Array(new SharedArrayBuffer(4 * length));
  for (let row = 0; row < length; row++) own[row] = distinct.codes[codes[row]];
  return { ...distinct, codes: own };
}
