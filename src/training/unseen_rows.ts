/** Rows that no fit has seen, to try an exported model on. */

import { Random } from "../base/mod.ts";
import type { CleanColumn, CleanData } from "../features/mod.ts";

/**
 * Makes `rows` new rows by drawing each column on its own from `data`. The
 * combinations are new, so they wander through splits and leaves together that
 * no training row reached, with every kind of missing and rare value among them.
 * The model is fitted to all rows, so there are no others left to hold out.
 */
export function unseenRows(data: CleanData, rows: number, random: Random): CleanData {
  const draw = () => Int32Array.from({ length: rows }, () => random.int(data.rows));
  const columns = Object.entries(data.columns).map((
    [name, column],
  ) => [name, take(column, draw())]);
  return { rows, columns: Object.fromEntries(columns), unlabelled: 0 };
}

function take(column: CleanColumn, rows: Int32Array): CleanColumn {
  const buffer = new SharedArrayBuffer(4 * rows.length);
  if (column.kind === "numbers") {
    const values = new Float32Array(buffer);
    rows.forEach((row, i) => values[i] = column.values[row]);
    return { ...column, values };
  }
  const codes = new Int32Array(buffer);
  rows.forEach((row, i) => codes[i] = column.codes[row]);
  return { ...column, codes };
}
