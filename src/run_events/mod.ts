/**
 * What happens in the run of a pipeline, as data: events, and their schema for whoever reads the
 * lines of `--json`.
 *
 * @module
 */

export { runEventSchema } from "./event_schema.ts";
export type {
  EventOf,
  RunEvent,
  RunStatus,
  StepStatus,
  SweptPoint,
  Unit,
  Untimed,
} from "./events.ts";
export type { RunInfo, SweepPoint } from "./run_info.ts";
export type { EventError } from "../base/mod.ts";
export type { CheckedParams, SchemaIssue, ValueSchema } from "./value_schema.ts";
