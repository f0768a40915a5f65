/** What the features learned from the training rows. */

import type { ColumnState } from "./columns/kinds.ts";
import type { DerivedState } from "./derived.ts";

export type { ColumnState } from "./columns/kinds.ts";

/** What a feature set learned, plain JSON. */
export interface FeatureState {
  /** The columns, in the order of their features. */
  readonly columns: readonly ColumnState[];
  /** Columns computed from them, whose features come after theirs; absent if there are none. */
  readonly derived?: readonly DerivedState[];
  /** Name of each feature, in the order of the matrix' columns. */
  readonly features: readonly string[];
}
