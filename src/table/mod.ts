/**
 * Raw tables and the Float32 matrix as plain data, what a column holds, and folds of rows; tables
 * read from files and written by Polars, which is loaded only when a file is opened.
 *
 * @module
 */

export type { Random } from "../base/mod.ts";
export { type Float32Loss, float32Loss } from "./float32_loss.ts";
export {
  type Bag,
  column,
  emptyBag,
  emptyMatrix,
  type Matrix,
  matrixFromRows,
  row,
  takeRows,
} from "./matrix.ts";
export {
  ColumnEvidence,
  type ColumnInference,
  decideColumn,
  decideTogether,
  type EvidenceCounts,
  inferColumn,
  type InferredColumn,
  type InferredKind,
  isTruth,
} from "./infer_column.ts";
export { parseMoment } from "./moment.ts";
export { type Notation, plainNumber } from "./number_text.ts";
export { parquet, parquetRows } from "./files/parquet.ts";
export type { ParquetColumns } from "./files/parquet_rows.ts";
export type { SlicedRows } from "./sliced_rows.ts";
export { readTable, readTypedTable, readTypedTables } from "./files/read_table.ts";
export { isRowIdentifier } from "./files/row_identifier.ts";
export type {
  ParquetFile,
  SliceColumn,
  SliceFrame,
  TableSlice,
  WrittenColumn,
} from "./files/scan.ts";
export type {
  TypedCategories,
  TypedColumn,
  TypedDates,
  TypedNumbers,
  TypedTable,
  TypedTexts,
} from "./files/typed_columns.ts";
export { type Cell, type Table, takeTableRows } from "./table.ts";
export { groupKFold, kFold } from "./k_fold.ts";
export { latestRows, rollingOrigin } from "./rolling_origin.ts";
export type { Fold } from "./splits.ts";
export { stratifiedGroupKFold } from "./stratified_group_k_fold.ts";
export { type KFoldOptions, stratifiedKFold } from "./stratified_k_fold.ts";
