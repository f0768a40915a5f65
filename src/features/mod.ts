/**
 * Declarative column specs: written once, they clean raw tables, learn
 * imputation and encodings from training rows, and tell the exported graph and
 * the server what a model reads.
 *
 * `clean` → `fillWithinGroup` → `fit` on training rows → `transform`.
 *
 * @module
 */

export { alike, listed } from "./alike.ts";
export { clean, type CleanOptions } from "./clean.ts";
export type {
  CleanColumn,
  CleanData,
  CleanSpans,
  HashedTexts,
  HashedTokens,
  ListColumn,
  NumberColumn,
  TextColumn,
  TextVectors,
} from "./clean_data.ts";
export * from "./columns/kinds.ts";
export type {
  AnySpec,
  AnyState,
  CleanContext,
  ColumnKind,
  Described,
  DriftView,
  FitContext,
  RawValue,
  SpecOfKind,
  StateOfKind,
  VectorsOf,
  ViewContext,
} from "./columns/kind.ts";
export type { UnknownShares } from "./columns/unknown_terms.ts";
export type { FitTarget } from "./fit_target.ts";
export { type DatePart, dateParts, datePattern } from "./columns/calendar.ts";
export { largestFloat32, type NumberFit, type NumberOptions } from "./columns/number_options.ts";
export { itemOf, piecesOf } from "./columns/lists.ts";
export { patternOf, type PatternPart, type TextPattern } from "./columns/text_pattern.ts";
export type { CodedTexts, TextCode } from "./columns/text.ts";
export type { TextNumbers } from "./columns/text_numbers.ts";
export type { BinOptions, Steps, StepTable } from "./columns/steps.ts";
export type { FoldOptions } from "./columns/out_of_fold.ts";
export { type Decimal, decimalOf } from "./columns/written_number.ts";
export { currentFeatureSet, currentState } from "./earlier_forms.ts";
export { fillWithinGroup } from "./fill_within_group.ts";
export {
  type DerivedSpec,
  type DerivedState,
  difference,
  type Operation,
  product,
  ratio,
  sum,
} from "./derived.ts";
export {
  bagFeatures,
  categoricalFeatures,
  featureColumns,
  featureIndices,
  featuresOf,
  featuresWithGaps,
} from "./feature_names.ts";
export { fit, inputSchema } from "./fit.ts";
export { type FittedFeatures, fitTransform, transformTraining } from "./fit_transform.ts";
export type { InputField } from "./input_schema.ts";
export { missingTexts, textOf } from "./missing.ts";
export { flatTruth, type TaggedRows, tagRows, type TokenRows, tokenRows } from "./token_rows.ts";
export { spansOfCell, type WrittenSpan } from "./read_spans.ts";
export { columnsOfState, driftViews, unknownIn } from "./manifest_columns.ts";
export { type CleanNotice, describeNotice, type TellNotice } from "./notices.ts";
export { type FeatureSet, featureSet } from "./spec.ts";
export type { FeatureState } from "./state.ts";
export {
  classes,
  type ClassTarget,
  isClassTarget,
  isSpanTarget,
  isValueTarget,
  spans,
  type SpanTarget,
  type Target,
  value,
  type ValueTarget,
} from "./target.ts";
export { rowsByWeight, takeCells } from "./take_rows.ts";
export { transform } from "./transform.ts";
export { rowTransformer } from "./transform_row.ts";
export type { Cell, Matrix, Table } from "../dataset/mod.ts";
