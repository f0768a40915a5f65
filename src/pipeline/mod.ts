/**
 * Pipelines as code: steps wired by typed handles, run in parallel, told as
 * events. Knows no machine learning.
 *
 * @module
 */

export {
  type Builder,
  type EachOptions,
  Handle,
  type Inputs,
  type Outcome,
  type Pipeline,
  pipeline,
  type PipelineOptions,
  type Resource,
  type RunEnd,
  type RunInfo,
  type StepContext,
  type StepOptions,
  type Values,
} from "./definition.ts";
export {
  type EventError,
  type EventOf,
  type RunEvent,
  runEventSchema,
  type RunStatus,
  type StepStatus,
  type Unit,
} from "./events.ts";
export type {
  EachNode,
  FileNode,
  Graph,
  Item,
  NodeBase,
  ResourceNode,
  StepFunction,
  StepNode,
  WorkNode,
} from "./graph.ts";
export { type RunOptions, runPipeline, type RunResult } from "./run.ts";
export { type CliOptions, runCli, type Sink } from "./cli.ts";
export type { Checked, ParamsSchema, SchemaIssue, ValueSchema } from "./schema.ts";
