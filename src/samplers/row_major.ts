/** Rows laid out one after the other, as distances read them. */

import { column, type Matrix } from "../dataset/mod.ts";

/** The values of `rows` in `columns` of X, row by row. */
export function rowMajor(X: Matrix, rows: Int32Array, columns: Int32Array): Float32Array {
  const values = new Float32Array(rows.length * columns.length);
  columns.forEach((from, to) => {
    const source = column(X, from);
    for (let i = 0; i < rows.length; i++) values[i * columns.length + to] = source[rows[i]];
  });
  return values;
}

/** The columns of X by falling variance over `rows`. */
export function columnsBySpread(X: Matrix, rows: Int32Array): Int32Array {
  const variances = Array.from({ length: X.columns }, (_, j) => variance(column(X, j), rows));
  return Int32Array.from(variances.keys()).sort((a, b) => variances[b] - variances[a] || a - b);
}

function variance(values: Float32Array, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += values[row];
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (values[row] - mean) ** 2;
  return squares / rows.length;
}
