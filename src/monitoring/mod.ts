/**
 * Watches a model, or any two sets of rows: reads logs and files by what the
 * model's metadata say of its columns, compares both sides and writes a report.
 *
 * @module
 */

export { type MonitorParams, monitorParams, monitorSteps } from "./watch/monitor_pipeline.ts";
export { type DriftSteps, driftSteps } from "./drift_pipeline.ts";
export { type DriftParams, driftParams } from "./params.ts";
export { type DriftFindings, findDrift } from "./findings.ts";
export type { AnswerQuality, Answers } from "./answers/contract.ts";
export type { CorrelationChange } from "./correlation.ts";
export type { WatchedModel } from "./model/watched_model.ts";
export type { ComparedWindow } from "./over_time.ts";
export type { ColumnProfile, ColumnProfiles } from "./profile.ts";
export type { Side, Sides, SkippedColumn } from "./sides/side.ts";
export type { Embed, MeaningOptions } from "./sides/meaning.ts";
export type { Slices } from "./slices.ts";
export type { DeclaredColumns } from "./model/declared_columns.ts";
export { exitCodeOf } from "./exit_code.ts";
export { driftPage } from "./report/drift_page.ts";
export { readSides } from "./sides/read_sides.ts";
export { monitorPass, type PassOptions, type PassResult } from "./watch/pass.ts";
export { driftVerdict, terminalSummary } from "./verdict.ts";
export type { GatherOptions } from "./watch/model_watch.ts";
export type { WatchedTextOptions } from "./watch/watched_texts.ts";
export type { AlertLimits } from "./watch/judgement.ts";
export type { AlertChannel } from "./deliver/contract.ts";
