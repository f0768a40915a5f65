/** Raw rows that touch everything that fitted features tell apart. */

import { Random } from "../base/mod.ts";
import { type FeatureState, kindOf, type RawValue } from "../features/mod.ts";

/** Share of values that are borders: what the column tells apart, missing and unknown ones. */
const BORDERS = 0.3;

/**
 * Rows of raw values in the order of the columns, a number with NaN for missing
 * or a text with "" for missing: values such as training saw, among them each
 * border of each column once, if there are rows enough. The same state gives the
 * same rows.
 */
export function probeRows(state: FeatureState, count: number): RawValue[][] {
  const random = new Random(count);
  const columns = state.columns.map((column) => {
    const kind = kindOf(column);
    const borders = kind.borders(column);
    const places = borderPlaces(count, borders.length, random);
    return Array.from(
      { length: count },
      (_, row) => places.has(row) ? borders[places.get(row)!] : kind.draw(column, random),
    );
  });
  return Array.from({ length: count }, (_, row) => columns.map((values) => values[row]));
}

/** A split of a tree by a raw or derived column. */
export interface ColumnThreshold {
  readonly column: string;
  /** The value at which it splits. */
  readonly threshold: number;
}

/**
 * Rows as `probeRows` gives them, at most `count`, each with one raw number
 * exactly at a threshold of the trees; of more thresholds every so many-th.
 */
export function thresholdRows(
  state: FeatureState,
  count: number,
  splits: Iterable<ColumnThreshold>,
): RawValue[][] {
  const placeOf = new Map(
    state.columns.flatMap((column, at) =>
      kindOf(column).input(column).kind === "number" ? [[column.name, at] as const] : []
    ),
  );
  const distinct = new Map<string, readonly [at: number, threshold: number]>();
  for (const { column, threshold } of splits) {
    const at = placeOf.get(column);
    if (at !== undefined) distinct.set(`${at} ${threshold}`, [at, threshold]);
  }
  const all = [...distinct.values()];
  const rows = probeRows(state, Math.min(count, all.length));
  rows.forEach((row, i) => {
    const [at, threshold] = all[Math.floor(i * all.length / rows.length)];
    row[at] = threshold;
  });
  return rows;
}

/** Rows, each with the border that it holds: all borders in turn, a third of the rows. */
function borderPlaces(count: number, borders: number, random: Random): Map<number, number> {
  const rows = random.shuffle(Int32Array.from({ length: count }, (_, row) => row));
  const held = Math.min(count, Math.max(Math.ceil(count * BORDERS), Math.min(borders, count)));
  return new Map(Array.from(rows.subarray(0, held), (row, i) => [row, i % borders]));
}
