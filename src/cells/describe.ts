/** The usual figures about each column. */

import { quantileSorted, sortedFinite } from "../base/mod.ts";
import { type Column, countsOf, type Data, missingIn, numbersOf, tabularData } from "./frame.ts";
import { gridView } from "./grid.ts";
import type { ShowOptions } from "./show.ts";
import type { Cell } from "../dataset/mod.ts";
import type { View } from "./view.ts";

const figures = ["Mean", "SD", "Min", "25 %", "Median", "75 %", "Max"] as const;

/**
 * Describes each column: of numbers the mean, the standard deviation (divisor n − 1)
 * and the quartiles (interpolated linearly), of anything else the number of distinct
 * values and the most frequent one.
 *
 * @throws {UsageError} if the data is no table.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * assertStringIncludes(String(describe([{ Age: 20 }, { Age: 30 }])), "25");
 * ```
 */
export function describe(data: Data, { names }: Pick<ShowOptions, "names"> = {}): View {
  const { kind, rows, columns } = tabularData(data, names);
  const numeric = columns.some((column) => column.numeric);
  const other = columns.some((column) => !column.numeric);
  return gridView({
    caption: `${kind}: ${rows.toLocaleString("en")} rows × ${columns.length} columns`,
    head: [
      ...["Column", "Type", "Missing"],
      ...numeric ? figures : [],
      ...other ? ["Distinct", "Most frequent"] : [],
    ],
    rows: columns.map((column) => [
      ...[column.name, column.type, missingIn(column, rows)],
      ...numeric ? column.numeric ? ofNumbers(column, rows) : nothing(figures.length) : [],
      ...other ? column.numeric ? nothing(2) : ofValues(column, rows) : [],
    ]),
  });
}

function ofNumbers(column: Column, rows: number): Cell[] {
  const sorted = sortedFinite(numbersOf(column, rows));
  if (sorted.length === 0) return nothing(figures.length);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = sorted.length < 2 ? null : Math.sqrt(squares / (sorted.length - 1));
  return [mean, sd, ...[0, 0.25, 0.5, 0.75, 1].map((share) => quantileSorted(sorted, share))];
}

function ofValues(column: Column, rows: number): Cell[] {
  const counts = countsOf(column, rows);
  if (counts.length === 0) return [0, null];
  const [[value, count]] = counts;
  return [counts.length, `${value} (${(100 * count / rows).toFixed(1)} %)`];
}

function nothing(cells: number): null[] {
  return Array(cells).fill(null);
}
