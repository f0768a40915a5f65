/**
 * Learners behind one contract: parameters in, a fit, a plain-data model out.
 *
 * @module
 */

export type { Task, TaskContext, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { Matrix } from "../table/mod.ts";
export type { TreeEnsemble } from "../trees/mod.ts";
export type { ClassWeight } from "./class_weight.ts";
export type {
  Classifier,
  FitOptions,
  Learner,
  LearnerParams,
  RegressionModel,
  RegressionOptions,
  Regressor,
  TreeClassifier,
  TreeRegressor,
} from "./contract.ts";
export { gradientBoosting, type GradientBoostingParams } from "./gradient_boosting.ts";
export { loadModel, predict, predictProba, predictValues, saveModel } from "./model.ts";
export { randomForest, type RandomForestParams } from "./random_forest.ts";
export type { Criterion } from "./tree/class_splitter.ts";
