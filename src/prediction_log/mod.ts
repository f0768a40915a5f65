/**
 * The prediction log: what a server predicted and what turned out to be true,
 * as rotated JSONL files that monitoring reads.
 *
 * @module
 */

export { type FileName, parseFileName } from "./file_name.ts";
export { hasPredictions, type LogPosition, type NewLines, newLines } from "./follow.ts";
export {
  type PredictionColumns,
  type RawCell,
  requestIdOf,
  sliceColumns,
} from "./prediction_columns.ts";
export { type LoggedPrediction, type ReadOptions, readPredictions } from "./reader.ts";
export { recentPredictions } from "./recent.ts";
export { partId } from "./record.ts";
export type { FeedbackRecord, PredictionRecord, RawRecord, Role } from "./record.ts";
export { keyedDigest, parseRedaction, type Redaction, type Redactor, redactor } from "./redact.ts";
export type { Retention } from "./retention.ts";
export { RotatedLog, type RotatedLogOptions } from "./rotated_log.ts";
