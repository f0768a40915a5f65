/**
 * Declarative column specs: written once, they clean raw tables, learn
 * imputation and encodings from training rows, and tell the exported graph and
 * the server what a model reads.
 *
 * `clean` → `fillWithinGroup` → `fit` on training rows → `transform`.
 *
 * @module
 */

export { clean, type CleanOptions } from "./clean.ts";
export type { CleanColumn, CleanData, ListColumn, NumberColumn, TextColumn } from "./clean_data.ts";
export {
  itemOf,
  multiHot,
  type MultiHotOptions,
  type MultiHotSpec,
  type MultiHotState,
  piecesOf,
} from "./columns/multi_hot.ts";
export {
  largestFloat32,
  number,
  type NumberFit,
  type NumberOptions,
  type NumberSpec,
  type NumberState,
  parseNumber,
} from "./columns/number.ts";
export { oneHot, type OneHotSpec, type OneHotState } from "./columns/one_hot.ts";
export {
  ordinal,
  type OrdinalSpec,
  type OrdinalState,
  type TextOptions,
} from "./columns/ordinal.ts";
export {
  durationPattern,
  formatMonths,
  parseMonths,
  yearsAndMonths,
  type YearsAndMonthsSpec,
  type YearsAndMonthsState,
} from "./columns/years_and_months.ts";
export { fillWithinGroup } from "./fill_within_group.ts";
export { featureColumns, fit, inputSchema } from "./fit.ts";
export { type FittedFeatures, fitTransform } from "./fit_transform.ts";
export type { InputField } from "./input_schema.ts";
export { missingTexts } from "./missing.ts";
export { type ColumnSpec, type FeatureSet, featureSet } from "./spec.ts";
export type { ColumnState, FeatureState } from "./state.ts";
export {
  classes,
  type ClassTarget,
  isClassTarget,
  type Target,
  value,
  type ValueTarget,
} from "./target.ts";
export { transform } from "./transform.ts";
export { rowTransformer } from "./transform_row.ts";
export type { Cell, Matrix, Table } from "../table/mod.ts";
