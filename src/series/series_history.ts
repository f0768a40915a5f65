/** From a table of months to a series for each entity and category, and one for each entity's total. */

import type { Table } from "../table/mod.ts";
import { monthNumber, monthText } from "./month.ts";
import { monthColumn, type SeriesSpec } from "./spec.ts";

/** The months of an entity in a category, or in all of them. */
export interface SeriesHistory {
  /** Whose it is. */
  readonly entity: string;
  /** The category, "" of the total. */
  readonly category: string;
  /** The first month, `YYYY-MM`. */
  readonly first: string;
  /** What each month came to; those that were missing lie on the line between their neighbours. */
  readonly values: readonly number[];
  /** Places of those that were missing, rising. */
  readonly filled: readonly number[];
}

/** Fewest months that are a series. */
export const FEWEST_MONTHS = 3;

/** Share of months that may be missing. */
const MOST_MISSING = 0.3;

/**
 * The series of a table of months. The total of an entity is the sum of its categories, unless
 * rows with the category "" tell it.
 *
 * @param table As {@linkcode monthlyTable} gives it.
 * @returns Series in the order of their names, and which were left out and why, a sentence each.
 */
export function seriesOf(
  spec: SeriesSpec,
  table: Table,
): { readonly series: SeriesHistory[]; readonly notices: string[] } {
  const months = new Map<string, Map<string, Map<number, number>>>();
  const { entity, category, amount } = spec;
  for (let row = 0; row < table.rows; row++) {
    const cell = (name: string) => table.columns[name][row];
    const own = months.get(String(cell(entity))) ?? new Map<string, Map<number, number>>();
    const what = category === undefined ? "" : String(cell(category) ?? "");
    const values = own.get(what) ?? new Map<number, number>();
    values.set(monthNumber(String(cell(monthColumn)))!, Number(cell(amount)));
    months.set(String(cell(entity)), own.set(what, values));
  }
  const series: SeriesHistory[] = [];
  const notices: string[] = [];
  for (const [whose, own] of [...months].sort(([a], [b]) => a < b ? -1 : 1)) {
    const told = own.get("") ?? new Map<number, number>();
    own.delete("");
    const total = sumOf([...own.values()]);
    for (const [month, value] of told) total.set(month, value);
    const all = [["", total] as const, ...[...own].sort(([a], [b]) => a < b ? -1 : 1)];
    for (const [what, values] of all) {
      const found = evenSeries(values);
      const name = seriesName(whose, what);
      if (typeof found === "string") notices.push(`${name} is left out: ${found}`);
      else {
        series.push({ entity: whose, category: what, ...found });
        if (found.filled.length > 0) {
          const missing = found.filled.length === 1 ? "a month" : `${found.filled.length} months`;
          notices.push(`${missing} of ${name} missing, drawn between the neighbours`);
        }
      }
    }
  }
  return { series, notices };
}

/** The sum of months in which nothing is missing of what has begun by then. */
function sumOf(all: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const sums = new Map<number, number>();
  const begins = all.map((months) => Math.min(...months.keys()));
  for (const month of new Set(all.flatMap((months) => [...months.keys()]))) {
    const begun = all.filter((_, at) => begins[at] <= month);
    if (begun.every((months) => months.has(month))) {
      sums.set(month, begun.reduce((sum, months) => sum + months.get(month)!, 0));
    }
  }
  return sums;
}

/** How a series is called. */
export function seriesName(entity: string, category: string): string {
  return category === "" ? `${entity} (total)` : `${entity} ${category}`;
}

/**
 * Values at every month from the first to the last.
 *
 * @returns Why there is no series, where there is none.
 */
export function evenSeries(
  values: ReadonlyMap<number, number>,
): Pick<SeriesHistory, "first" | "values" | "filled"> | string {
  const known = [...values].sort(([a], [b]) => a - b);
  if (known.length < FEWEST_MONTHS) {
    return `it has ${known.length} months, wanted ${FEWEST_MONTHS} or more`;
  }
  const [first] = known[0];
  const even: number[] = [];
  const filled: number[] = [];
  for (const [month, value] of known) {
    const before = even.at(-1);
    const missing = month - first - even.length;
    for (let gap = 1; gap <= missing; gap++) {
      filled.push(even.length);
      even.push(before! + (value - before!) * gap / (missing + 1));
    }
    even.push(value);
  }
  if (filled.length > MOST_MISSING * even.length) {
    return `${filled.length} of its ${even.length} months are missing`;
  }
  return { first: monthText(first), values: even, filled };
}
