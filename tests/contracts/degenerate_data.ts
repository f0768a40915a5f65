/** Tables that make loops run for ever if they have no bound. */

import { emptyMatrix, type Matrix, matrixFromRows } from "../../src/dataset/mod.ts";

/** Rows of each table. */
const rows = 64;

const of = (row: (i: number) => number[]): Matrix =>
  matrixFromRows(Array.from({ length: rows }, (_, i) => row(i)));

const oneHot = (at: number, width: number) =>
  Array.from({ length: width }, (_, j) => Number(j === at % width));

/** Degenerate tables by what is wrong with them. */
export const degenerate: Readonly<Record<string, Matrix>> = {
  "one-hot columns, which sum to one": of((i) => [...oneHot(i, 3), ...oneHot(i * 7, 5)]),
  "columns in a null space": of((i) => [i % 7, (i * 5) % 11, (i % 7) - 3 * ((i * 5) % 11), 2]),
  "duplicate rows": of((i) => [i % 2, i % 2]),
  "equal rows": of(() => [0.1, -7, 3e30]),
  "a duplicate column": of((i) => [(i * 13) % 31, (i * 13) % 31, (i * 13) % 31]),
  "constant columns": of((i) => [1, 0, -1e-30, i]),
  "columns of NaN": of((i) => [NaN, i % 5 === 0 ? NaN : i % 9, NaN]),
  "nothing but NaN": of(() => [NaN, NaN]),
  "an infinite column": of((i) => [i, Infinity]),
  "infinities of both signs": of((i) => [i % 2 === 0 ? Infinity : -Infinity, i]),
  "the largest and smallest numbers": of((i) => [
    i % 2 === 0 ? 3.4e38 : -3.4e38,
    i % 3 === 0 ? 1e-45 : -1e-45,
    i % 2 === 0 ? 0 : -0,
  ]),
  "far from zero": of((i) => [2 ** 30 + 128 * i, 2 ** 24 + 2 * (i % 3), 1e30]),
  "no columns": emptyMatrix(rows, 0),
  "no rows": emptyMatrix(0, 3),
};

/** Classes of the rows of a table. */
export const labelsOf = (X: Matrix): Int32Array =>
  Int32Array.from({ length: X.rows }, (_, i) => Number(i % 5 === 0));

/** Target numbers of the rows of a table. */
export const targetsOf = (X: Matrix): Float64Array =>
  Float64Array.from({ length: X.rows }, (_, i) => (i * 29) % 17);
