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

/** Months after which a category of which nothing is told any more counts as ended. */
const ENDED_MONTHS = 12;

/** The category of what has none, or too few months to be one. */
export const restCategory = "other";

/** Amounts by months since year 0. */
export type AmountsByMonth = ReadonlyMap<number, number>;

/**
 * The series of a table of months, as {@linkcode entitySeries} makes them of each entity.
 *
 * @param table As {@linkcode monthlyTable} gives it.
 * @returns Series in the order of their names, and what was done on the way, a sentence each.
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
  const found = [...months].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([whose, own]) => entitySeries(whose, own));
  return {
    series: found.flatMap(({ series }) => series),
    notices: found.flatMap(({ notices }) => notices),
  };
}

/**
 * The series of an entity: its total, then its categories by name. The total is the sum of the
 * categories as long as something is told of all that have begun; only without categories is it
 * what is told under "". What is told of a category too seldom for a series counts under
 * `other`, so that nothing is lost from the sum; a category that is told no more for a year while
 * others are has ended, and comes to 0 from then on.
 *
 * @param options `ends: false` if more may be known of categories than is told.
 * @returns No series if the total has too few months, and what was done, a sentence each.
 */
export function entitySeries(
  entity: string,
  told: ReadonlyMap<string, AmountsByMonth>,
  { ends = true }: { readonly ends?: boolean } = {},
): { readonly series: SeriesHistory[]; readonly notices: string[] } {
  const notices: string[] = [];
  const named = [...told].filter(([category]) => category !== "")
    .sort(([a], [b]) => a < b ? -1 : 1);
  if (named.length === 0) {
    const total = evenSeries(told.get("")!);
    if (typeof total === "string") {
      return { series: [], notices: [`${seriesName(entity, "")} is left out: ${total}`] };
    }
    return {
      series: [{ entity, category: "", ...total }],
      notices: [...filledNotice(entity, "", total.filled)],
    };
  }
  if (told.has("")) {
    notices.push(
      `what is told of ${
        seriesName(entity, "")
      } is left out: its total is the sum of its categories`,
    );
  }
  const active = [...new Set(named.flatMap(([, months]) => [...months.keys()]))]
    .sort((a, b) => a - b);
  const last = active.at(-1)!;
  const parts = new Map<string, EvenSeries>();
  const rest = new Map<number, number>();
  const addToRest = (months: AmountsByMonth) =>
    months.forEach((value, month) => rest.set(month, (rest.get(month) ?? 0) + value));
  for (const [category, months] of named) {
    const found = evenSeries(ends ? endedSeries(months, last) : months);
    if (typeof found !== "string") {
      parts.set(category, found);
      continue;
    }
    addToRest(months);
    if (category === restCategory) continue;
    notices.push(`${seriesName(entity, category)} counts under "${restCategory}": ${found}`);
  }
  if (rest.size > 0) {
    if (parts.has(restCategory)) addToRest(told.get(restCategory)!);
    const begin = Math.min(...rest.keys(), ...active.slice(-FEWEST_MONTHS));
    for (const month of active) if (month >= begin && !rest.has(month)) rest.set(month, 0);
    const found = evenSeries(rest);
    if (typeof found !== "string") parts.set(restCategory, found);
    else {
      notices.push(
        `${seriesName(entity, restCategory)} is left out, of the total too: ${found}`,
      );
    }
  }
  if (parts.size === 0) return { series: [], notices };
  const total = sumOf([...parts.values()]);
  const series = [...parts].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([category, own]) => ({ entity, category, ...own }));
  for (const { category, filled } of series) {
    notices.push(...filledNotice(entity, category, filled));
  }
  return { series: [{ entity, category: "", ...total }, ...series], notices };
}

/** Months of a category, with 0 in those since it ended. */
function endedSeries(months: AmountsByMonth, last: number): AmountsByMonth {
  const end = Math.max(...months.keys());
  if (last - end <= ENDED_MONTHS) return months;
  const since = Array.from({ length: last - end }, (_, i) => [end + 1 + i, 0] as const);
  return new Map([...months, ...since]);
}

/** The sum up to the last month that all have. */
function sumOf(parts: readonly EvenSeries[]): EvenSeries {
  const begins = parts.map(({ first }) => monthNumber(first)!);
  const first = Math.min(...begins);
  const end = Math.min(...parts.map(({ values }, k) => begins[k] + values.length));
  const values = new Array<number>(Math.max(0, end - first)).fill(0);
  const filled = new Set<number>();
  parts.forEach((part, k) => {
    const from = begins[k] - first;
    part.values.slice(0, Math.max(0, end - begins[k]))
      .forEach((value, at) => values[from + at] += value);
    for (const at of part.filled) if (from + at < values.length) filled.add(from + at);
  });
  return { first: monthText(first), values, filled: [...filled].sort((a, b) => a - b) };
}

function filledNotice(entity: string, category: string, filled: readonly number[]): string[] {
  if (filled.length === 0) return [];
  const missing = filled.length === 1 ? "a month" : `${filled.length} months`;
  return [
    `${missing} of ${seriesName(entity, category)} missing, drawn between the neighbours`,
  ];
}

/** Values at every month from the first on. */
type EvenSeries = Pick<SeriesHistory, "first" | "values" | "filled">;

/** How a series is called. */
export function seriesName(entity: string, category: string): string {
  return category === "" ? `${entity} (total)` : `${entity} ${category}`;
}

/**
 * Values at every month from the first to the last.
 *
 * @returns Why there is no series, where there is none.
 */
function evenSeries(values: AmountsByMonth): EvenSeries | string {
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
