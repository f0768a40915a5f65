/** The usual figures about each column. */

import { quantileSorted, sortedFinite } from "../../base/mod.ts";
import { type Column, countsOf, type Data, frameOf, missingIn, numbersOf } from "./frame.ts";
import { gridView } from "./grid.ts";
import type { ShowOptions } from "./show.ts";
import type { View } from "./view.ts";

const head = [
  ...["Column", "Type", "Missing", "Mean", "SD", "Min", "25 %", "Median", "75 %", "Max"],
  ...["Distinct", "Most frequent"],
];

/**
 * Describes each column: of numbers the mean, the standard deviation (divisor n − 1)
 * and the quartiles (interpolated linearly), of anything else the number of distinct
 * values and the most frequent one.
 *
 * @throws {UsageError} where the data is no table.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * assertStringIncludes(String(describe([{ Age: 20 }, { Age: 30 }])), "25");
 * ```
 */
export function describe(data: Data, { names }: Pick<ShowOptions, "names"> = {}): View {
  const { kind, rows, columns } = frameOf(data, names);
  return gridView({
    caption: `${kind}: ${rows.toLocaleString("en")} rows × ${columns.length} columns`,
    head,
    rows: columns.map((column) => [
      column.name,
      column.type,
      missingIn(column, rows),
      ...column.numeric ? ofNumbers(column, rows) : ofValues(column, rows),
    ]),
  });
}

function ofNumbers(column: Column, rows: number) {
  const sorted = sortedFinite(numbersOf(column, rows));
  if (sorted.length === 0) return Array(9).fill(null);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = sorted.length < 2 ? null : Math.sqrt(squares / (sorted.length - 1));
  const quartiles = [0, 0.25, 0.5, 0.75, 1].map((share) => quantileSorted(sorted, share));
  return [mean, sd, ...quartiles, null, null];
}

function ofValues(column: Column, rows: number) {
  const counts = countsOf(column, rows);
  const top = counts.length === 0
    ? null
    : `${counts[0][0]} (${(100 * counts[0][1] / rows).toFixed(1)} %)`;
  return [...Array(7).fill(null), counts.length, top];
}
