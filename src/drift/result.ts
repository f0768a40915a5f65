/** What a comparison found, as plain JSON: written beside a report, read by schedulers and servers. */

import type { InferredKind as TableColumnKind } from "../dataset/mod.ts";
import type { SideDistributions } from "./distribution.ts";

/** How much a finding matters, in rising order. */
export type Severity = "none" | "low" | "medium" | "high";

/** All severities in rising order. */
export const severities: readonly Severity[] = ["none", "low", "medium", "high"];

/** What a column holds; truth values are two categories. */
export type DriftColumnKind = Exclude<TableColumnKind, "boolean">;

/** Whose rules a comparison follows. */
export type PresetName = "calibrated" | "evidently";

/**
 * Categories of the current data that the reference does not have; of numbers,
 * values outside of its range and the most frequent one within that it does not have.
 */
export interface UnseenCategories {
  /** Share of the current values that are such, in [0, 1]. */
  readonly share: number;
  /** Number of different ones. */
  readonly count: number;
  /** Their names, most frequent first, at most 20. */
  readonly categories: readonly string[];
  /** Chance of so many under no drift; null if it was not tested. */
  readonly p_value: number | null;
  /** Whether that counts as drift. */
  readonly drifted: boolean;
}

/** What was found in one column. */
export interface ColumnDrift {
  /** Name of the column. */
  readonly column: string;
  /** What it holds. */
  readonly kind: DriftColumnKind;
  /** Name of the statistic that judged the distribution, null if none could. */
  readonly test: string | null;
  /** Value of that statistic; a p-value where `threshold` is one. */
  readonly score: number | null;
  /**
   * Where drift begins on the scale of `score`, null if nothing was tested. In the preset
   * `calibrated` the p-value that keeps the false discovery rate over all columns.
   */
  readonly threshold: number | null;
  /** Chance of such a difference under no drift, null for plain distances. */
  readonly p_value: number | null;
  /** Share of the rows that lie differently, in [0, 1], null if nothing was tested. */
  readonly effect: number | null;
  /**
   * Whether the distribution of the values that are there drifted: the score is beyond the
   * threshold and, in the preset `calibrated`, the effect is 0.05 or more.
   */
  readonly distribution_drifted: boolean;
  /** Share of missing values in the reference, in [0, 1]. */
  readonly reference_missing: number;
  /** Share of missing values in the current data, in [0, 1]. */
  readonly current_missing: number;
  /** Chance of such a difference of missing shares under no drift; null if it was not tested. */
  readonly missing_p_value: number | null;
  /** Whether the share of missing values drifted. */
  readonly missing_drifted: boolean;
  /** New categories or values; null for other kinds and where the reference does not tell. */
  readonly unseen: UnseenCategories | null;
  /** Whether anything drifted: distribution, missing values, new categories or values. */
  readonly drifted: boolean;
  /** How much it matters; `none` if nothing drifted. */
  readonly severity: Severity;
  /** Importance of the column to the model, in [0, 1] with sum 1 over all columns, if known. */
  readonly importance: number | null;
  /**
   * What made it drift; where nothing did, why something was not tested or what to know about the
   * test; null where nothing.
   */
  readonly note: string | null;
  /** Both distributions in bins, of bounded size; null for texts, dates and where nothing was there. */
  readonly distribution: SideDistributions | null;
}

/** Drift of all columns taken together, by a classifier that tells the two samples apart. */
export interface MultivariateDrift {
  /** Name of the statistic. */
  readonly test: string;
  /** Area under the ROC curve on rows the classifier has not seen; 0.5 if it can tell nothing. */
  readonly score: number;
  /** Chance of such an area under no drift. */
  readonly p_value: number;
  /** Whether that counts as drift. */
  readonly drifted: boolean;
}

/** What was found in all columns. */
export interface DriftResult {
  /** Version of this schema. */
  readonly schema_version: 1;
  /** Whose rules were followed. */
  readonly preset: PresetName;
  /** Rows of the reference. */
  readonly reference_rows: number;
  /** Rows of the current data. */
  readonly current_rows: number;
  /** Groups that the rows of the reference come in, null if they are not told. */
  readonly reference_groups: number | null;
  /** The same of the current data. */
  readonly current_groups: number | null;
  /** Verdict over all columns. */
  readonly drifted: boolean;
  /** The greatest severity of a column. */
  readonly severity: Severity;
  /** Number of columns that drifted. */
  readonly drifted_columns: number;
  /** Share of the columns that could be judged and drifted, in [0, 1]. */
  readonly drifted_share: number;
  /** False discovery rate kept over all tests; null if the preset keeps none. */
  readonly false_discovery_rate: number | null;
  /** Each column that both sides have, in the order of the reference. */
  readonly columns: readonly ColumnDrift[];
  /** Columns of the reference alone. */
  readonly missing_columns: readonly string[];
  /** Columns of the current data alone. */
  readonly new_columns: readonly string[];
  /** All columns together; null if it was not asked for or raw rows are not at hand. */
  readonly multivariate: MultivariateDrift | null;
}
