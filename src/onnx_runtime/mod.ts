/**
 * Exported models as they are run: sessions of ONNX Runtime, trees evaluated row by row without it,
 * explanations of single rows, and the comparison of both ways and of native models.
 *
 * @module
 */

export {
  type ClassExplanation,
  type Explainer,
  type ExplainerOptions,
  openExplainer,
  type RowExplanation,
  type ScoreSpace,
} from "./explainer.ts";
export { onnxInputs } from "./inputs.ts";
export { type BagFacts, type LinearFacts, linearFactsKey } from "./linear_facts.ts";
export { checkParity, type NativePredictions, type Parity, type ParityCheck } from "./parity.ts";
export { probeRows } from "./probe_rows.ts";
export {
  checkRegressionParity,
  type NativeValues,
  type RegressionParityCheck,
} from "./regression_parity.ts";
export {
  readBatchModel,
  readRowModel,
  type RowModel,
  rowModel,
  type RowModelParts,
  type RowReasons,
  rowReasons,
} from "./row_model.ts";
export type { FramePredictions, InputFrame } from "./frame.ts";
export type { ModelColumn, ModelColumns, ModelInput } from "./runtime.ts";
export {
  type OnnxModel,
  type OnnxRegression,
  openModel,
  openRegression,
  type SessionOptions,
  type SessionPredictions,
} from "./session.ts";
export { type OnnxSpans, openSpans } from "./span_session.ts";
export {
  ngramsOf,
  textInputsKey,
  type TextRules,
  textTensors,
  tokenizersKey,
} from "./text_inputs.ts";
export type { ReadSequence } from "./read_sequence.ts";
export { readSpanModel, spanModel, type SpanModelParts } from "./span_model.ts";
export { type SequenceFacts, sequenceFactsKey } from "./sequence_facts.ts";
export { tagsKey, tokenInputsKey } from "./token_inputs.ts";
export { type TreeFacts, treeFactsKey } from "./tree_facts.ts";
export { branches, classicModes, type TreeNodes } from "./tree_layout.ts";
export type { FeatureState } from "../features/mod.ts";
export type { Matrix } from "../dataset/mod.ts";
