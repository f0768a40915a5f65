/** Small binned tables for tests of the search for splits. */

import { Random } from "../../src/base/mod.ts";
import { binMatrix } from "../../src/tree_growth/mod.ts";
import { type BinnedMatrix } from "../../src/tree_growth/binning.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";

/** Two columns of numbers and two of categories; one of each with missing values. */
export function table(random: Random, rows: number): BinnedMatrix {
  const hole = (value: number) => random.int(5) === 0 ? NaN : value;
  const X = Array.from({ length: rows }, () => [
    ...[random.int(4), hole(random.int(6)), random.int(5), hole(random.int(4))],
  ]);
  return binMatrix(matrixFromRows(X), { categorical: [2, 3] });
}

/** Whole numbers from `least` up to below `below`. */
export const numbersBelow = (random: Random, count: number, least: number, below: number) =>
  Int32Array.from({ length: count }, () => least + random.int(below - least));

/** The bins of a column. */
export const codesOf = ({ codes, rows }: BinnedMatrix, column: number) =>
  codes.subarray(column * rows, (column + 1) * rows);
