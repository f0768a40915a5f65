/**
 * Raw tables and the Float32 matrix as plain data, what a column holds, and folds of rows.
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
export type { SlicedRows } from "./sliced_rows.ts";
export { type Cell, type Table, takeTableRows } from "./table.ts";
export { groupKFold, kFold } from "./k_fold.ts";
export { latestRows, rollingOrigin } from "./rolling_origin.ts";
export type { Fold } from "./splits.ts";
export { stratifiedGroupKFold } from "./stratified_group_k_fold.ts";
export { type KFoldOptions, stratifiedKFold } from "./stratified_k_fold.ts";
