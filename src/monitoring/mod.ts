/**
 * Watches a model, or any two sets of rows: reads logs and files by what the
 * model's metadata say of its columns, compares both sides and writes a report.
 * `parts.ts` is the entry for those who join its parts otherwise.
 *
 * @module
 */

export { type DriftSteps, driftSteps } from "./drift_pipeline.ts";
export { type DriftParams, driftParams } from "./params.ts";
export type { DriftFindings } from "./findings.ts";
export type { AnswerQuality, Answers } from "./answers/contract.ts";
export type { CorrelationChange } from "./correlation.ts";
export type { WatchedModel } from "./model/watched_model.ts";
export type { ComparedWindow } from "./over_time.ts";
export type { ColumnProfile } from "./profile.ts";
export type { Side, Sides, SkippedColumn } from "./sides/side.ts";
export type { Slices } from "./slices.ts";
export type { DeclaredColumns } from "./model/declared_columns.ts";
