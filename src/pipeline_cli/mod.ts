/**
 * The command line of pipelines: runs, plans, sweeps, history, watching and schedules, on the
 * terminal, as plain lines, pages and JSON.
 *
 * @module
 */

export type { PipelineCliOptions } from "./cli_options.ts";
export { main } from "./main.ts";
export type { StartData, StartedPipeline, Starter, StartRequest } from "./new_pipeline.ts";
export type { FailureReport } from "./schedule/alert.ts";
export type {
  AboutRun,
  RunOutcome,
  ScheduleEvent,
  UntimedScheduleEvent,
} from "./schedule/schedule_event.ts";
