/**
 * Runs of a pipeline for every combination of some parameters.
 *
 * @module
 */

export { readGrid, type SweepGrid } from "./grid.ts";
export {
  planSweep,
  type PointPlan,
  runSweep,
  type SweepOptions,
  type SweepResult,
} from "./sweep.ts";
