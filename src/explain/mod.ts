/**
 * Why a model scores a row as it does.
 *
 * @module
 */

export type { Task, TaskContext, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { CategorySets, FeatureColumns, TreeEnsemble } from "../trees/mod.ts";
export { type LinearModel, linearShap, type LinearShapValues } from "./linear_shap.ts";
export { type ShapValues, treeShap, type TreeShapOptions } from "./tree_shap.ts";
