/** Moments in time as people write them. */

import { DataError } from "../../base/mod.ts";

/** A date and a time of day without a zone. */
const naive = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/** Milliseconds since 1970 UTC, NaN where `text` is no moment; without a zone it is UTC. */
export function parseMoment(text: string): number {
  return Date.parse(naive.test(text) ? `${text.replace(" ", "T")}Z` : text);
}

/**
 * The moment of each row.
 *
 * @param cells The column; undefined where the data lack it.
 * @throws {DataError} where it holds no moment at all.
 */
export function timesOf(
  cells: readonly unknown[] | undefined,
  name: string,
  path: string,
): Float64Array {
  const times = Float64Array.from(cells ?? [], (cell) => parseMoment(String(cell)));
  if (times.some(Number.isFinite)) return times;
  throw new DataError(
    `Cannot read times of ${path}: column "${name}" ` +
      (cells === undefined ? "is missing" : "holds no dates"),
    { next: "name a column of ISO 8601 dates with --param time=COLUMN" },
  );
}
