/**
 * Exports fitted features and a fitted model as one ONNX file, and checks that
 * the file predicts what the native model predicts. `session.ts` is the
 * entry that runs such files.
 *
 * @module
 */

export type { ExportedClassifier } from "./converters/classifier.ts";
export {
  type CommonParts,
  exportOnnx,
  type ExportParts,
  exportRegression,
  type RegressionExportParts,
} from "./export.ts";
export { onnxInputs } from "./inputs.ts";
export { probeRows } from "./probe_rows.ts";
export { checkParity, type NativePredictions, type Parity, type ParityCheck } from "./parity.ts";
export {
  checkRegressionParity,
  type NativeValues,
  type RegressionParityCheck,
} from "./regression_parity.ts";
export type { ModelColumn, ModelColumns } from "./session.ts";
export type { CleanColumn, CleanData, FeatureState } from "../features/mod.ts";
export type {
  CalibratedClassifier,
  Calibrator,
  LearnerParams,
  LearningCurve,
  LinearClassifier,
  LinearRegressor,
  TreeClassifier,
  UncalibratedClassifier,
} from "../learners/mod.ts";
export type { CategorySets, TreeEnsemble } from "../trees/mod.ts";
export type { Operators } from "./operators.ts";
