/**
 * The runs that were: listed, compared, pinned, and what none of them needs removed.
 *
 * @module
 */

export { diffRuns, findRun, type RunDiff, type ValueChange } from "./diff.ts";
export { collectGarbage, type GcLimits, type GcResult } from "./gc.ts";
export { listRuns } from "./list_runs.ts";
export { listPins, setPin } from "./pins.ts";
