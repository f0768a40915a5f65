/** When rows came to be. */

import { DataError } from "../../base/mod.ts";
import { type Cell, parseMoment } from "../../dataset/mod.ts";

/**
 * The moment of each row, milliseconds since 1970 UTC, NaN if it has none.
 *
 * @param cells The column; undefined if the data lack it.
 * @throws {DataError} if it holds no moment at all.
 */
export function timesOf(
  cells: readonly Cell[] | undefined,
  name: string,
  path: string,
): Float64Array {
  const times = Float64Array.from(cells ?? [], (cell) => parseMoment(String(cell)));
  if (times.some(Number.isFinite)) return times;
  throw unreadableTimes(path, name, cells === undefined ? "is missing" : "holds no dates");
}

/** The error for a column that tells no times. */
export function unreadableTimes(path: string, name: string, found: string): DataError {
  return new DataError(`Cannot read times of ${path}: column "${name}" ${found}`, {
    next: "name a column of ISO 8601 dates with --param time=COLUMN",
  });
}
