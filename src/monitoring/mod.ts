/**
 * Watches a model, or any two sets of rows: reads logs and files by what the
 * model's metadata say of its columns, compares both sides and writes a report.
 *
 * @module
 */

export { type DriftSteps, driftSteps } from "./drift_pipeline.ts";
export { exitCodeOf } from "./exit_code.ts";
export { type DriftFindings, findDrift, notCompared } from "./findings.ts";
export { type DriftParams, driftParams } from "./params.ts";
export { type DriftJson, driftJson, driftJsonOf } from "./report/drift_json.ts";
export { driftPage } from "./report/drift_page.ts";
export { readSides } from "./sides/read_sides.ts";
export type { LeftOut, Side, Sides } from "./sides/side.ts";
export { summary, verdict } from "./verdict.ts";
