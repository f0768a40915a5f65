/** Ways of dealing rows, by name. */

import type { SplitMethod } from "./contract.ts";
import { grouped } from "./grouped.ts";
import { plain } from "./plain.ts";
import { stratified } from "./stratified.ts";
import { stratifiedGrouped } from "./stratified_grouped.ts";
import { time } from "./time.ts";

/** All of them. */
export const splitMethods = {
  plain,
  stratified,
  grouped,
  stratifiedGrouped,
  time,
} satisfies Record<SplitKind, SplitMethod>;

/** Names of the ways of dealing rows. */
export type SplitKind = "plain" | "stratified" | "grouped" | "stratifiedGrouped" | "time";

/** How rows are dealt to folds; plain data. */
export type Split =
  & {
    /** Number of folds; the parameter `folds` if it is left out. */
    readonly folds?: number;
    /** How often rows are dealt anew, 1 by default: each time all folds are scored. */
    readonly repeats?: number;
    /** Share of the rows that is held out from all folds, to judge the best candidate by. */
    readonly test?: number;
  }
  & (
    | {
      /** How. */
      readonly kind: Exclude<SplitKind, "time">;
    }
    | {
      /** Along time. */
      readonly kind: "time";
      /** Column of dates, as `2024-01-31` or `2024-01-31 10:00` (UTC), or of rising numbers. */
      readonly column: string;
    }
  );
