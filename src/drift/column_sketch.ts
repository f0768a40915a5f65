/** What every sketch of a column does. */

import { DataError } from "../base/mod.ts";
import type { DriftColumnKind } from "./result.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/** A column that is kept up to date without its rows. */
export interface ColumnSketch {
  /**
   * Takes rows `from` up to, but without, `to` in.
   *
   * @param groups Group of each row of the column, where rows come in groups.
   * @throws {DataError} if the column holds something else.
   */
  addRows(column: ColumnValues, from: number, to: number, groups?: Int32Array): void;
  /**
   * Takes all that others saw in.
   *
   * @throws {DataError} if they saw something else.
   */
  merge(statistics: ColumnStatistics): void;
  /** What was seen so far, as plain JSON. */
  statistics(): ColumnStatistics;
}

/** The error of a column that holds something else than before. */
export function otherKind(before: DriftColumnKind, now: DriftColumnKind): DataError {
  return new DataError(`Cannot add to the statistics of a ${before} column: it now holds ${now}s`, {
    next: "start new statistics, or clean the column first",
  });
}
