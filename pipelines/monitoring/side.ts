/** One side of a comparison, wherever it came from. */

import type { DriftSample, Predictions } from "../../src/drift/mod.ts";

/** Columns to compare and what else is known of their rows. */
export interface Side {
  /** Where it came from, in words. */
  readonly name: string;
  /** The columns: rows, or statistics that stand for them. */
  readonly sample: DriftSample;
  /** Columns left out because they name rows. */
  readonly identifiers: readonly string[];
  /** Columns left out because the model does not read them. */
  readonly ignored?: readonly string[];
  /** Rows that are there more than once, counted without their first; undefined where rows are gone. */
  readonly duplicates?: number;
  /** Values in columns of numbers and dates that are none, by column. */
  readonly unreadable: Readonly<Record<string, number>>;
  /** When each row came to be, milliseconds since 1970 UTC, shape [rows]. */
  readonly times?: Float64Array;
  /** What the model said about the rows. */
  readonly predictions?: Predictions;
  /** True classes, −1 where one is not known, shape [rows]. */
  readonly labels?: Int32Array;
}
