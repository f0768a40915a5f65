/** The parts of a drift report: what reads both sides, compares them and writes the findings down. */

export { exitCodeOf } from "./exit_code.ts";
export { type DriftFindings, findDrift, notCompared } from "./findings.ts";
export { type DriftParams, driftParams } from "./params.ts";
export { type DriftJson, driftJson, driftJsonOf } from "./report/drift_json.ts";
export { driftPage } from "./report/drift_page.ts";
export { readSides } from "./sides/read_sides.ts";
export type { Side, Sides, SkippedColumn } from "./sides/side.ts";
export { driftVerdict, terminalSummary } from "./verdict.ts";
