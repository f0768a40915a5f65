/**
 * Exports fitted features and a fitted model as one ONNX file; `onnx_runtime/` runs such files, and
 * checks that they predict what the native model predicts.
 *
 * @module
 */

export type { ExportedClassifier } from "./converters/classifier.ts";
export {
  type CommonParts,
  encodedColumns,
  exportOnnx,
  type ExportParts,
  exportRegression,
  type RegressionExportParts,
} from "./export.ts";
export { exportSpans, type SpanExportParts } from "./export_spans.ts";
export type { LearnerParams, UncalibratedClassifier } from "../learners/mod.ts";
export type { TreeEnsemble } from "../trees/mod.ts";
