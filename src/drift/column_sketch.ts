/** What every sketch of a column does. */

import { DataError } from "../base/mod.ts";
import type { ColumnKind } from "./result.ts";
import type { ColumnStatistics, RawColumn } from "./sample.ts";

/** A column that is kept up to date without its rows. */
export interface ColumnSketch {
  /**
   * Takes rows `from` up to, but without, `to` in.
   *
   * @param groups Group of each row of the column, where rows come in groups.
   * @throws {DataError} where the column holds something else.
   */
  addRows(column: RawColumn, from: number, to: number, groups?: Int32Array): void;
  /**
   * Takes all that others saw in.
   *
   * @throws {DataError} where they saw something else.
   */
  merge(statistics: ColumnStatistics): void;
  /** What was seen so far, as plain JSON. */
  statistics(): ColumnStatistics;
}

/** The error of a column that holds something else than before. */
export function otherKind(before: ColumnKind, now: ColumnKind): DataError {
  return new DataError(`Cannot add to the statistics of a ${before} column: it now holds ${now}s`, {
    next: "start new statistics, or clean the column first",
  });
}
