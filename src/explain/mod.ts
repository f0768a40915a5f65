/**
 * Why a model scores a row as it does.
 *
 * @module
 */

export type { TaskOptions, WorkerPool } from "../base/mod.ts";
export type { FeatureColumns, TreeEnsemble } from "../trees/mod.ts";
export { type LinearModel, linearShap, type LinearShapValues } from "./linear_shap.ts";
export { type ShapValues, treeShap, type TreeShapOptions } from "./tree_shap.ts";
export {
  dependenceGrid,
  type InspectionOptions,
  type PartialDependence,
  partialDependence,
  type RowPredictions,
} from "./partial_dependence.ts";
export {
  type PermutationImportance,
  permutationImportance,
  type PermutationOptions,
  type PermutationTask,
} from "./permutation_importance.ts";
