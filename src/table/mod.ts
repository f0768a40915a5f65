/**
 * Raw tables, the Float32 matrix, readers, writers and splits.
 *
 * @module
 */

export type { Random } from "../base/mod.ts";
export { type Float32Loss, float32Loss } from "./float32_loss.ts";
export { column, emptyMatrix, type Matrix, matrixFromRows, row, takeRows } from "./matrix.ts";
export {
  type ColumnInference,
  inferColumn,
  type InferredColumn,
  type InferredKind,
} from "./infer_column.ts";
export { parseMoment } from "./moment.ts";
export type { Notation } from "./number_text.ts";
export { isRowIdentifier } from "./row_identifier.ts";
export { readTable, readTypedTable, readTypedTables } from "./read_table.ts";
export { type Cell, type Table, takeTableRows } from "./table.ts";
export type {
  TypedCategories,
  TypedColumn,
  TypedDates,
  TypedNumbers,
  TypedTable,
  TypedTexts,
} from "./typed_columns.ts";
export { groupKFold, kFold } from "./k_fold.ts";
export { latestRows, rollingOrigin } from "./rolling_origin.ts";
export type { Fold } from "./splits.ts";
export { stratifiedGroupKFold } from "./stratified_group_k_fold.ts";
export { type KFoldOptions, stratifiedKFold } from "./stratified_k_fold.ts";
