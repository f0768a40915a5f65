/** What can be compared: raw columns, or statistics that stand for them. */

import type {
  CategoryStatistics,
  EffectiveCounts,
  NumericStatistics,
} from "./column_statistics.ts";

/** Numbers. */
export interface NumberSample {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
  /** The values, shape [rows]; NaN and infinities count as missing. */
  readonly values: Float64Array | Float32Array;
  /** How many times chance's variance is that of independent rows; 1 if it is left out. */
  readonly designEffect?: number;
}

/** Moments in time. */
export interface DateSample {
  /** Tells the kinds of columns apart. */
  readonly kind: "date";
  /** Milliseconds since 1970 UTC, shape [rows]; NaN is missing. */
  readonly values: Float64Array;
}

/** Categories. */
export interface CategorySample {
  /** Tells the kinds of columns apart. */
  readonly kind: "category";
  /** Index into the vocabulary of each value, shape [rows]; a negative one is missing. */
  readonly codes: ArrayLike<number>;
  /** Names of the categories. */
  readonly vocabulary: readonly string[];
  /** Row of each code, shape [codes]; absent if each row has one code, as it has not in lists. */
  readonly rows?: Int32Array;
}

/** Free text. */
export interface TextSample {
  /** Tells the kinds of columns apart. */
  readonly kind: "text";
  /** The texts, shape [rows]; null is missing. */
  readonly values: readonly (string | null)[];
  /**
   * What an encoder made of them, none missing; then they are judged by it alone, and stand for
   * themselves whatever groups the rows of the sample come in.
   */
  readonly vectors?: EmbeddedTexts;
}

/** What a sentence encoder made of texts. */
export interface EmbeddedTexts {
  /** Size of a vector. */
  readonly size: number;
  /** Shape [texts × size]. */
  readonly values: Float32Array;
}

/** A column with all its rows. */
export type ColumnValues = NumberSample | DateSample | CategorySample | TextSample;

/** What is kept of moments and free texts: how many there were. */
export interface PresenceStatistics {
  /** Tells the kinds of columns apart. */
  readonly kind: "date" | "text";
  /** Number of values that were there. */
  readonly count: number;
  /** Number of missing values. */
  readonly missing: number;
  /** What they are worth to a test; absent if each row stands for itself. */
  readonly effective?: EffectiveCounts;
}

/** What stands for a column whose rows are gone: a sketch, or a model's reference statistics. */
export type ColumnStatistics = NumericStatistics | CategoryStatistics | PresenceStatistics;

/** One column of one side of a comparison. */
export type ColumnSample = ColumnValues | ColumnStatistics;

/** One side of a comparison. */
export interface DriftSample {
  /** Number of rows. */
  readonly rows: number;
  /** The columns by name. */
  readonly columns: Readonly<Record<string, ColumnSample>>;
  /** Group of each row, as its customer, from 0 on, shape [rows]; absent if rows are independent. */
  readonly groups?: Int32Array;
}
