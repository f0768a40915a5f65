/** What the features learned from the training rows. */

import type { MultiHotState } from "./columns/multi_hot.ts";
import type { NumberState } from "./columns/number.ts";
import type { OneHotState } from "./columns/one_hot.ts";
import type { OrdinalState } from "./columns/ordinal.ts";
import type { YearsAndMonthsState } from "./columns/years_and_months.ts";

/** What one column learned. */
export type ColumnState =
  | NumberState
  | YearsAndMonthsState
  | OrdinalState
  | OneHotState
  | MultiHotState;

/** What a feature set learned, plain JSON. */
export interface FeatureState {
  /** The columns, in the order of their features. */
  readonly columns: readonly ColumnState[];
  /** Name of each feature, in the order of the matrix' columns. */
  readonly features: readonly string[];
}
