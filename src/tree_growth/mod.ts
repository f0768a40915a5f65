/**
 * How single trees are grown: features in bins, histograms, splits of classes, means and gradients,
 * categories, threads that share the work.
 *
 * @module
 */

export { binMatrix, type BinningOptions } from "./bin_matrix.ts";
export { binSlices, type SliceBinningOptions } from "./bin_slices.ts";
export {
  type BoostingMemory,
  type BoostingProblem,
  type Bytes,
  type Doubles,
  type Floats,
  type Ints,
  layOutMemory,
} from "./boosting_memory.ts";
export { boostingWork, helpBoostingTask } from "./boosting_work.ts";
export {
  ClassTreeCrew,
  type ClassTrees,
  drawColumns,
  type GrownClassTree,
  helpClassTreesTask,
} from "./class_trees.ts";
export { type BundledRows, bundleRows, type CodeColumn } from "./bundling.ts";
export type { CategoryLimits } from "./category_gradients.ts";
export type { ClassLabels, Criterion } from "./class_splitter.ts";
export { rowMajorCodes } from "./code_block.ts";
export { drawRows, rowsWithWeight } from "./drawn_rows.ts";
export {
  ForestGrower,
  type ForestSpec,
  type ForestValues,
  type GrownTree,
} from "./forest_grower.ts";
export { GradientTreeGrower, type GrowthLimits } from "./gradient_grower.ts";
export type { Regularisation } from "./gradient_scores.ts";
export {
  baseScores,
  isNumberLoss,
  logarithmic,
  type LossSpec,
  type NumberLoss,
} from "./gradients.ts";
export { shareUnitsFor } from "./leaf_shares.ts";
export { percentile } from "./percentile.ts";
export { shared } from "./shared_memory.ts";
export { CrewLeader, gatherCrew, helpCrew, type PhaseWork } from "./thread_team.ts";
export type { BinnedMatrix } from "./binning.ts";
