/**
 * Learners behind one contract: parameters in, a fit, a plain-data model out.
 *
 * @module
 */

export type { Task, TaskContext, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { Matrix } from "../table/mod.ts";
export type { CategorySets, TreeEnsemble } from "../trees/mod.ts";
export { calibrateClassifier, calibrated } from "./calibration/calibrated.ts";
export type { CalibrateOptions, CalibrationParams } from "./calibration/calibrated.ts";
export { type CalibrationMethod, decisionScores, leastRest } from "./calibration/calibrate.ts";
export type { ClassWeight } from "./class_weight.ts";
export type {
  CalibratedClassifier,
  Calibrator,
  Classifier,
  FitOptions,
  Learner,
  LearnerParams,
  LinearClassifier,
  LinearRegressor,
  RegressionModel,
  RegressionOptions,
  Regressor,
  TreeClassifier,
  TreeRegressor,
  UncalibratedClassifier,
} from "./contract.ts";
export type { EarlyStopping } from "./early_stopping.ts";
export {
  type DataSettings,
  type LearnerEntry,
  learnerKinds,
  learnerOf,
  learnersByKind,
  type LearnerSpec,
  regressorKinds,
  regressorOf,
  regressorsByKind,
  type RegressorSpec,
  type SpecifiedLearner,
  type SpecifiedRegressor,
  type SpecOf,
  takesSetting,
} from "./registry.ts";
export { gradientBoosting } from "./gradient_boosting.ts";
export type {
  BoostingLearner,
  BoostingOptions,
  GradientBoostingParams,
} from "./gradient_boosting.ts";
export { gradientBoostingRegressor } from "./gradient_boosting_regressor.ts";
export type {
  BoostingRegressionOptions,
  BoostingRegressor,
  BoostingRegressorParams,
} from "./gradient_boosting_regressor.ts";
export type { BoostingParams } from "./boosting_params.ts";
export type { CategoricalParams } from "./categorical.ts";
export type { NumberLoss } from "./gradients.ts";
export type { ValidationRows } from "./boosting_rounds.ts";
export type { LearningCurve } from "./learning_curve.ts";
export { linearRegression, type LinearRegressionParams } from "./linear_regression.ts";
export { logisticRegression, type LogisticRegressionParams } from "./logistic_regression.ts";
export { predict, predictProba, predictValues } from "./model.ts";
export type { ForestParams } from "./forest_params.ts";
export type { OutOfBag } from "./out_of_bag.ts";
export { type ForestClassifier, randomForest, type RandomForestParams } from "./random_forest.ts";
export {
  type ForestRegressor,
  randomForestRegressor,
  type RandomForestRegressorParams,
} from "./random_forest_regressor.ts";
export { loadModel, loadRegression, saveModel } from "./saved_model.ts";
export type { Criterion } from "./tree/class_splitter.ts";
export { dummy, dummyRegressor } from "./dummy.ts";
export type { DummyParams, DummyRegressorParams } from "./dummy.ts";
export { extraTrees, extraTreesRegressor } from "./extra_trees.ts";
export { elasticNet } from "./elastic_net.ts";
export type { ElasticNetParams } from "./elastic_net.ts";
