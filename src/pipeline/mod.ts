/**
 * Pipelines as code: steps wired by typed handles, run in parallel, kept by
 * content, told as events. Knows no machine learning.
 *
 * @module
 */

export type { StepPermissions } from "./define/permissions.ts";
export { type Fingerprint, FINGERPRINT_SCHEMA, fingerprintDigest } from "./cache/fingerprint.ts";
export type { CacheOptions } from "./cache/open_cache.ts";
export type { ItemChange } from "./cache/item_changes.ts";
export { type Reason, reasonText } from "./cache/reasons.ts";
export {
  type Builder,
  type FileOptions,
  Handle,
  type Inputs,
  type Values,
} from "./define/builder.ts";
export type { EachOptions, Outcome, RetryDelay, StepContext, StepOptions } from "./define/step.ts";
export { type Pipeline, pipeline, type PipelineOptions } from "./define/definition.ts";
export {
  type EachNode,
  type FileNode,
  type Item,
  type NodeBase,
  type PipelineGraph,
  type ResourceNode,
  type StepFunction,
  type StepNode,
  unitName,
  type WorkNode,
} from "./define/graph.ts";
export { GC, markGc } from "./history/active.ts";
export {
  type CacheDecision,
  type Hit,
  type KeptLine,
  recordFolder,
  type StepRecord,
} from "./cache/step_cache.ts";
export type { RunRecord, UnitRecord } from "./history/run_record.ts";
export {
  type ExecutedNotebook,
  type NotebookExecutor,
  type NotebookOutput,
  type NotebookRun,
  runNotebook,
} from "./notebook/run_notebook.ts";
export {
  type Plan,
  planAfter,
  type PlanEntry,
  planPipeline,
  type PlanVerdict,
} from "./run/plan.ts";
export type { OpenContext, Resource, RunEnd, SweepContext, SweepEnd } from "./define/resource.ts";
export {
  type InSweep,
  runName,
  type RunOptions,
  runPipeline,
  runPoint,
  type RunResult,
  withinGrace,
} from "./run/run.ts";
export type { Alert, CommandLineValue, Schedule } from "../timetable/mod.ts";
export { type ParamsSchema, secret } from "./define/schema.ts";
export { type Picks, select, type StepSelection } from "./define/selection.ts";
export { Expected } from "./run/expected.ts";
export { type Close, Lifetimes } from "./run/lifetimes.ts";
export type { InputArtifacts, UnitFailure } from "./run/unit_failure.ts";
export {
  type EntryChoice,
  type ExportedDeclaration,
  onlyMembers,
  stepFunction,
} from "../step_code/mod.ts";
export type { WiredNode } from "./define/wiring.ts";
export {
  type Codec,
  codec,
  SavedFile,
  savedFile,
  type SavedFileOptions,
} from "../artifact_store/mod.ts";
export type {
  CheckedParams,
  EventError,
  EventOf,
  RunEvent,
  RunInfo,
  RunStatus,
  SchemaIssue,
  StepStatus,
  SweepPoint,
  SweptPoint,
  Unit,
  ValueSchema,
} from "../run_events/mod.ts";
export { findPipeline, listPipelines, loadPipeline } from "./define/load.ts";
export { mermaidText } from "./define/mermaid_text.ts";
export {
  coerceParams,
  isListParam,
  paramLine,
  paramTable,
  parseParams,
  readSecretParams,
  valueAsText,
} from "./define/params.ts";
export { wiringOf } from "./define/wiring.ts";
export { type LogEntry, logFolder, readLogs, type StepLog } from "./history/step_log.ts";
