/** What a way of dealing rows to folds takes and gives. */

import type { Random } from "../base/mod.ts";
import type { Fold } from "../dataset/mod.ts";

/** What is known of the rows that are dealt. */
export interface SplitRows {
  readonly rows: number;
  /** Class of each row; absent if a number is predicted. */
  readonly labels?: Int32Array;
  /** Names of the classes, for messages. */
  readonly classNames?: readonly string[];
  /** Group of each row. */
  readonly groups?: Int32Array;
  /** Moment of each row. */
  readonly times?: Float64Array;
}

/** A way of dealing rows to folds, in a file of its own. */
export interface SplitMethod {
  /** What the rows must have for it. */
  readonly needs: readonly ("labels" | "groups" | "times")[];
  deal(rows: SplitRows, options: { readonly folds: number; readonly random: Random }): Fold[];
  /** Draws the rows of a test part, about `share` of all, rising. */
  holdOut(rows: SplitRows, share: number, random: Random): Int32Array;
}
