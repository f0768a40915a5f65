/** One side of a comparison, wherever it came from. */

import type { DriftSample, TextSample } from "../../drift/mod.ts";
import type { Answers } from "../answers/contract.ts";
import type { WatchedModel } from "../model/watched_model.ts";

/** Columns to compare and what else is known of their rows. */
export interface Side {
  /** Where it came from, in words. */
  readonly name: string;
  /** The columns: rows, or statistics that stand for them. */
  readonly sample: DriftSample;
  /** Columns that it has and that are not compared. */
  readonly leftOut: readonly SkippedColumn[];
  /** Rows that are there more than once, counted without their first; undefined if rows are gone. */
  readonly duplicates?: number;
  /** Values in columns of numbers and dates that are none, by column. */
  readonly unreadable: Readonly<Record<string, number>>;
  /** When each row came to be, milliseconds since 1970 UTC, shape [rows]. */
  readonly times?: Float64Array;
  /** Columns of texts, as they are, by name; absent if there are none, or they are gone. */
  readonly texts?: Readonly<Record<string, TextSample["values"]>>;
  /** What a model said about the rows; undefined if there is none. */
  readonly answers?: Answers;
  /** Whether the model was fitted to these very rows, of which it is surer than of others. */
  readonly learned?: boolean;
}

/** Both sides, and the model where they are its inputs. */
export interface Sides {
  /** What is compared with. */
  readonly reference: Side;
  /** What is watched. */
  readonly current: Side;
  /** The model whose inputs they are. */
  readonly model?: WatchedModel;
  /** What to know about the comparison, one sentence each. */
  readonly remarks: readonly string[];
}

/** A column that is not compared. */
export interface SkippedColumn {
  /** Its name. */
  readonly column: string;
  /** Why, as a clause. */
  readonly why: string;
}

/** Why what a model says and knows of the rows that it was fitted to is not compared. */
export const learnedRows =
  "the model was fitted to these rows, of which it is surer than of others";

/** Why a column of which nearly every value differs is not compared. */
export const identifying = "names rows";

/** A side without some of its columns, which it tells. */
export function without(side: Side, leftOut: readonly SkippedColumn[]): Side {
  const own = leftOut.filter(({ column }) => Object.hasOwn(side.sample.columns, column));
  const names = new Set(own.map(({ column }) => column));
  const kept = Object.entries(side.sample.columns).filter(([name]) => !names.has(name));
  return {
    ...side,
    sample: { ...side.sample, columns: Object.fromEntries(kept) },
    leftOut: [...side.leftOut, ...own],
  };
}
