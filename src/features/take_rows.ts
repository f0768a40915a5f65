/** Rows of cleaned columns, taken in any order and as often as wanted. */

import type { CleanColumn } from "./clean_data.ts";

/** The cells of some rows of a column, in their order. */
export function takeCells(column: CleanColumn, rows: Int32Array): CleanColumn {
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

/**
 * As many rows as there are weights, each as often as its share of the weight says, rounded up or
 * down: statistics that count rows then count weight. The mean of a column is off by less than its
 * standard error.
 *
 * Source: systematic sampling (Madow, 1949).
 *
 * @param weights How much each row counts, 0 or more, not all 0.
 * @returns Rising places of rows; undefined if all weights are the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...rowsByWeight([2, 0, 1, 1])!], [0, 0, 2, 3]);
 * assertEquals(rowsByWeight([2, 2]), undefined);
 * ```
 */
export function rowsByWeight(weights: ArrayLike<number>): Int32Array | undefined {
  const count = weights.length;
  let total = 0;
  let same = true;
  for (let i = 0; i < count; i++) {
    total += weights[i];
    if (weights[i] !== weights[0]) same = false;
  }
  if (same) return undefined;
  const rows = new Int32Array(count);
  let row = 0;
  let reached = weights[0];
  for (let i = 0; i < count; i++) {
    const wanted = (i + 0.5) * total / count;
    while (reached <= wanted && row < count - 1) reached += weights[++row];
    rows[i] = row;
  }
  return rows;
}
