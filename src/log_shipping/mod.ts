/**
 * Log lines on their way to Elasticsearch or OpenSearch.
 *
 * @module
 */

export { ECS_VERSION, ecsDocument, type LogDocument, type LogSource } from "./ecs.ts";
export { runEventLine } from "./run_events.ts";
export type {
  EventError,
  RunEvent,
  RunStatus,
  StepStatus,
  SweepPoint,
  SweptPoint,
  Unit,
} from "../pipeline/mod.ts";
export { type RunEar, shipRuns } from "./ship_runs.ts";
export { type LogAddress, type LogSettings, logSettings } from "./settings.ts";
export { LogShipper, type ShippingEars, type ShippingPace } from "./shipper.ts";
export { dataStreamTemplate, fieldTypes } from "./template.ts";
export type { ReadVariable } from "../base/mod.ts";
