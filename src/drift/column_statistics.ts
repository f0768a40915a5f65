/** What is kept of a column, so that later data can be compared with it. */

import type { QuantileSketchState } from "./quantile_sketch.ts";

/** How a numeric column was distributed. Plain JSON: no NaN, null if nothing was there. */
export interface NumericStatistics {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
  /** Number of values that were there. */
  readonly count: number;
  /** Number of missing values. */
  readonly missing: number;
  /** Arithmetic mean. */
  readonly mean: number | null;
  /** Standard deviation of the sample (divisor count − 1), null below two values. */
  readonly sd: number | null;
  /** Smallest value. */
  readonly min: number | null;
  /** Largest value. */
  readonly max: number | null;
  /** Quantiles 0, 0.05, …, 1 by linear interpolation; 21 numbers, none if nothing was there. */
  readonly quantiles: readonly number[];
  /** Counts between the deciles. */
  readonly histogram: Histogram;
  /** The whole distribution in small; what an older version wrote has none. */
  readonly sketch?: QuantileSketchState;
  /** What the values are worth to a test; absent if each row stands for itself. */
  readonly effective?: EffectiveCounts;
}

/** Counts of values in bins whose first and last are open to infinity. */
export interface Histogram {
  /** Rising edges between bins; a value on an edge belongs to the bin below it. */
  readonly edges: readonly number[];
  /** Number of values in each bin, one more than there are edges. */
  readonly counts: readonly number[];
}

/** How a column of categories was distributed. */
export interface CategoryStatistics {
  /** Tells the kinds of columns apart. */
  readonly kind: "category";
  /** Number of values that were there. */
  readonly count: number;
  /** Number of missing values. */
  readonly missing: number;
  /** The most frequent categories, most frequent first, at most 256. */
  readonly categories: readonly { readonly name: string; readonly count: number }[];
  /** Number of values of all other categories together. */
  readonly other: number;
  /** What the values are worth to a test; absent if each row stands for itself. */
  readonly effective?: EffectiveCounts;
}

/** What rows in groups, as those of one customer, are worth to a test. */
export interface EffectiveCounts {
  /** Independent values that the values there are worth, from 1 up to their count. */
  readonly values: number;
  /** Independent rows that all rows are worth to tell the share of missing values. */
  readonly rows: number;
  /** Number of groups. */
  readonly groups: number;
}
