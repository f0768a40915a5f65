/**
 * Learners behind one contract: parameters in, a fit, a plain-data model out.
 *
 * @module
 */

export type { TaskOptions, WorkerPool } from "../base/mod.ts";
export type { Matrix } from "../dataset/mod.ts";
export type { TagOrder } from "../tag_chain/mod.ts";
export type { TreeEnsemble } from "../trees/mod.ts";
export { calibrateClassifier, calibrated } from "./calibration/calibrated.ts";
export type { CalibrateOptions, CalibrationParams } from "./calibration/calibrated.ts";
export {
  type CalibrationMethod,
  decisionScores,
  isSoftmax,
  leastRest,
} from "./calibration/calibrate.ts";
export type { ClassWeight } from "./class_weight.ts";
export type {
  BagPlanes,
  CalibratedClassifier,
  Calibrator,
  Classifier,
  FitOptions,
  Learner,
  LearnerParams,
  LinearClassifier,
  LinearRegressor,
  NeighborClassifier,
  NeighborRegressor,
  Neighbors,
  RegressionModel,
  RegressionOptions,
  Regressor,
  TreeClassifier,
  TreeRegressor,
  UncalibratedClassifier,
} from "./contract.ts";
export type { EarlyStopping } from "./early_stopping.ts";
export {
  bagReaders,
  type DataSettings,
  type LearnerEntry,
  learnerKinds,
  learnerOf,
  learnersByKind,
  type LearnerSpec,
  lookAtNothing,
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
  SlicedBoostingLearner,
} from "./gradient_boosting.ts";
export { gradientBoostingRegressor } from "./gradient_boosting_regressor.ts";
export type {
  BoostingRegressionOptions,
  BoostingRegressor,
  BoostingRegressorParams,
} from "./gradient_boosting_regressor.ts";
export type { BoostingParams } from "./boosting_params.ts";
export type { CategoricalParams } from "./categorical.ts";
export type { ValidationRows } from "./boosting_rounds.ts";
export type { LearningCurve } from "./learning_curve.ts";
export { linearRegression, type LinearRegressionParams } from "./linear_regression.ts";
export { bagOfColumn, bagScores } from "./linear_scores.ts";
export { linearSvm, type LinearSvmParams } from "./linear_svm.ts";
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
export { dummy, dummyRegressor } from "./dummy.ts";
export type { DummyParams, DummyRegressorParams } from "./dummy.ts";
export { extraTrees, extraTreesRegressor } from "./extra_trees.ts";
export {
  kNeighbors,
  type KNeighborsParams,
  kNeighborsRegressor,
  type KNeighborsRegressorParams,
} from "./neighbors/k_neighbors.ts";
export { furthestDifference, furthestStep } from "./neighbors/lattice.ts";
export { elasticNet } from "./elastic_net.ts";
export type { ElasticNetParams } from "./elastic_net.ts";
export type {
  SequenceLearner,
  SequenceModel,
  SequenceOptions,
  Sequences,
} from "./sequences/contract.ts";
export {
  averagedPerceptron,
  type AveragedPerceptronParams,
} from "./sequences/averaged_perceptron.ts";
export { crf, type CrfParams } from "./sequences/crf.ts";
export { predictSequences, type SequencePredictions } from "./sequences/predict_sequences.ts";
export {
  sequenceLearnerOf,
  sequenceLearnersByKind,
  type SequenceLearnerSpec,
} from "./sequences/registry.ts";
export { spanOrder, tagNames } from "./sequences/span_tags.ts";
