/** Folds along time: each is tested on rows that come after all it was trained on. */

import { DataError } from "../base/mod.ts";
import { checkFolds, type Fold } from "./splits.ts";

/**
 * Splits rows by time into folds of a rolling origin: the rows in the order of time
 * are cut into `folds` + 1 parts of about equal size, and fold k trains on the first
 * k + 1 parts and tests on the next. Rows of one moment stay together, so that no
 * fold is trained on a moment that it is tested on.
 *
 * Source: scikit-learn `TimeSeriesSplit`, whose test rows are the same if no two
 * rows share a moment.
 *
 * @param times Moment of each row, in any unit, not NaN, shape [rows].
 * @returns Folds, from the earliest to the latest.
 * @throws {DataError} if there are too few moments.
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const folds = rollingOrigin([5, 1, 2, 3, 4, 6], { folds: 2 });
 * assertEquals(folds.map(({ train, test }) => [[...train], [...test]]), [
 *   [[1, 2], [3, 4]],
 *   [[1, 2, 3, 4], [0, 5]],
 * ]);
 * ```
 */
export function rollingOrigin(
  times: ArrayLike<number>,
  { folds }: { readonly folds: number },
): Fold[] {
  checkFolds(folds);
  const order = Int32Array.from({ length: times.length }, (_, i) => i)
    .sort((a, b) => times[a] - times[b] || a - b);
  const size = Math.floor(order.length / (folds + 1));
  const cuts = Array.from(
    { length: folds },
    (_, k) => startOfMoment(times, order, order.length - (folds - k) * size),
  );
  const ends = [...cuts.slice(1), order.length];
  const empty = cuts.some((cut, k) => cut === 0 || cut >= ends[k]);
  if (size === 0 || empty) {
    const moments = new Set(Array.from(times)).size;
    throw new DataError(
      `Cannot split into ${folds} folds by time: there are only ${moments} moments ` +
        `in ${times.length} rows`,
      { next: "ask for fewer folds, or give a column with finer times" },
    );
  }
  return cuts.map((cut, k) => ({
    train: order.slice(0, cut).sort(),
    test: order.slice(cut, ends[k]).sort(),
  }));
}

/** The place in `order` where the moment at `at` begins. */
function startOfMoment(times: ArrayLike<number>, order: Int32Array, at: number): number {
  let start = at;
  while (start > 0 && times[order[start - 1]] === times[order[at]]) start--;
  return start;
}

/**
 * The rows of the latest moments, about `share` of all and never a part of a moment.
 *
 * @returns The latest rows, rising; at least one moment stays on either side.
 * @throws {DataError} if all rows are of one moment.
 */
export function latestRows(times: ArrayLike<number>, share: number): Int32Array {
  const order = Int32Array.from({ length: times.length }, (_, i) => i)
    .sort((a, b) => times[a] - times[b] || a - b);
  let cut = startOfMoment(times, order, Math.floor(order.length * (1 - share)));
  if (cut === 0) cut = order.findIndex((row) => times[row] !== times[order[0]]);
  if (cut <= 0) {
    throw new DataError("Cannot hold out the latest rows: all rows are of one moment", {
      next: "give a column with finer times, or another kind of split",
    });
  }
  return order.slice(cut).sort();
}
