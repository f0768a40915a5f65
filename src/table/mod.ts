/**
 * Raw tables, the Float32 matrix, readers, writers and splits.
 *
 * @module
 */

export { column, emptyMatrix, type Matrix, matrixFromRows, row, takeRows } from "./matrix.ts";
export { readTable } from "./read_table.ts";
export { type Cell, type Table, takeTableRows } from "./table.ts";
