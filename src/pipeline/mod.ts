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
export type { PipelineCliOptions } from "./cli/cli_options.ts";
export { runCli } from "./cli/cli.ts";
export { type Sink, streamSink } from "./view/sink.ts";
export type { ReachedCode } from "./code/step_code.ts";
export {
  type Builder,
  type FileOptions,
  Handle,
  type Inputs,
  type Values,
} from "./define/builder.ts";
export type { EachOptions, Outcome, RetryDelay, StepContext, StepOptions } from "./define/step.ts";
export { type Pipeline, pipeline, type PipelineOptions } from "./define/definition.ts";
export type { RunInfo, SweepPoint } from "./events/run_info.ts";
export type {
  EventError,
  EventOf,
  RunEvent,
  RunStatus,
  StepStatus,
  SweptPoint,
  Unit,
} from "./events/events.ts";
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
export { diffRuns, findRun, type RunDiff, type ValueChange } from "./history/diff.ts";
export { collectGarbage, type GcResult } from "./history/gc.ts";
export { listRuns, type RunRecord, type UnitRecord } from "./history/run_record.ts";
export {
  hasTag,
  type JsonValue,
  type NotebookCell,
  type NotebookDocument,
  readNotebook,
  sourceText,
} from "./notebook/document.ts";
export { setParameters, setParameterTexts } from "./notebook/parameters.ts";
export {
  type ExecutedNotebook,
  type NotebookExecutor,
  type NotebookOutput,
  type NotebookRun,
  runNotebook,
} from "./notebook/run_notebook.ts";
export { valueAsText } from "./define/params.ts";
export { type Plan, type PlanEntry, planPipeline, type PlanVerdict } from "./run/plan.ts";
export type { OpenContext, Resource, RunEnd, SweepContext, SweepEnd } from "./define/resource.ts";
export { type RunOptions, runPipeline, type RunResult } from "./run/run.ts";
export { loadPipeline } from "./define/load.ts";
export { denoCommand } from "./process/deno_command.ts";
export type { FailureReport } from "./schedule/alert.ts";
export type { Alert, CommandLineValue, Schedule } from "./define/schedule.ts";
export type {
  AboutRun,
  RunOutcome,
  ScheduleEvent,
  UntimedScheduleEvent,
} from "./schedule/schedule_event.ts";
export {
  type CheckedParams,
  type ParamsSchema,
  type SchemaIssue,
  secret,
  type ValueSchema,
} from "./define/schema.ts";
export type { SweepGrid } from "./sweep/grid.ts";
export {
  planSweep,
  type PointPlan,
  runSweep,
  type SweepOptions,
  type SweepResult,
} from "./sweep/sweep.ts";
export type { StartData, StartedPipeline, Starter, StartRequest } from "./cli/new_pipeline.ts";
export type { Picks } from "./define/selection.ts";
export { readArtifact } from "./store/artifacts.ts";
export { LocalStore } from "./store/local_store.ts";
export { MemoryStore } from "./store/memory_store.ts";
export { type Codec, codec } from "./store/own_codec.ts";
export { SavedFile, savedFile, type SavedFileOptions } from "./store/saved_file.ts";
export type { LockAnswer, LockHolder } from "../base/mod.ts";
export type { ArtifactStore, StoredEntry } from "./store/store.ts";
export type { InputArtifacts, UnitFailure } from "./run/unit_failure.ts";
export { mermaidText } from "./view/plan_text.ts";
export { type ExportedDeclaration, stepFunction, type StepOrigin } from "./define/step_function.ts";
export { textTable as textTable } from "./view/table.ts";
export { duration, errorLines } from "./view/words.ts";
export type { WiredNode } from "./define/wiring.ts";
