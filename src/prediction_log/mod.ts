/**
 * The prediction log: what a server predicted and what turned out to be true,
 * as rotated JSONL files that monitoring reads.
 *
 * @module
 */

export { type FileName, parseFileName } from "./file_name.ts";
export { type LoggedPrediction, type ReadOptions, readPredictions } from "./reader.ts";
export type { FeedbackRecord, PredictionRecord, RawRecord, Role } from "./record.ts";
export { parseRedaction, type Redaction, type Redactor, redactor } from "./redact.ts";
export type { Retention } from "./retention.ts";
export { RotatedLog, type RotatedLogOptions } from "./rotated_log.ts";
