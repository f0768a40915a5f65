/** From a table of months to a series for each entity and category, and one for each entity's total. */

import type { Table } from "../dataset/mod.ts";
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

/** The series of an entity, and what was done with what is told of it. */
export interface EntitySeries {
  /** The total, then the categories by name; none if there are too few months. */
  readonly series: readonly SeriesHistory[];
  /** Why a category, or the total under "", is no series of its own. */
  readonly short: ReadonlyMap<string, string>;
  /** What was done, a sentence each. */
  readonly notices: readonly string[];
}

/**
 * The series of an entity. The total is the sum of the categories as long as something is told of
 * all that have begun; only without categories is it what is told under "". What is told of a
 * category too seldom for a series counts under `other`, so that nothing is lost from the sum; a
 * category that is told no more for a year while others are has ended, and comes to 0 from then on.
 *
 * @param options `ends: false` if more may be known of categories than is told.
 */
export function entitySeries(
  entity: string,
  told: ReadonlyMap<string, AmountsByMonth>,
  { ends = true }: { readonly ends?: boolean } = {},
): EntitySeries {
  const named = [...told].filter(([category]) => category !== "")
    .sort(([a], [b]) => a < b ? -1 : 1);
  const { parts, short } = partsOf(named, ends);
  if (named.length === 0) {
    const total = evenSeries(told.get("") ?? new Map());
    if (typeof total === "string") short.set("", total);
    else parts.set("", total);
  } else if (parts.size > 0) parts.set("", sumOf([...parts.values()]));
  const whole = parts.get("");
  const notices = whole === undefined
    ? [`${seriesName(entity, "")} is left out: ${short.get("") ?? short.get(restCategory)}`]
    : [...short].map(([category, why]) =>
      category === restCategory
        ? `${seriesName(entity, category)} is left out, of the total too: ${why}`
        : `${seriesName(entity, category)} counts under "${restCategory}": ${why}`
    );
  if (told.has("") && named.length > 0) {
    const name = seriesName(entity, "");
    notices.push(`what is told of ${name} is left out: it is the sum of its categories`);
  }
  if (whole === undefined) return { series: [], short, notices };
  const series = [...parts].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([category, own]) => ({ entity, category, ...own }));
  for (const { category, filled } of series) {
    // Of a sum it is told by its parts.
    if (filled.length === 0 || category === "" && named.length > 0) continue;
    const missing = filled.length === 1 ? "a month" : `${filled.length} months`;
    notices.push(
      `${missing} of ${seriesName(entity, category)} missing, drawn between the neighbours`,
    );
  }
  return { series, short, notices };
}

/** Categories as series, those that are too short together; and why they, or even that, are not. */
function partsOf(
  named: readonly (readonly [category: string, months: AmountsByMonth])[],
  ends: boolean,
): { readonly parts: Map<string, EvenSeries>; readonly short: Map<string, string> } {
  const active = [...new Set(named.flatMap(([, months]) => [...months.keys()]))]
    .sort((a, b) => a - b);
  const parts = new Map<string, EvenSeries>();
  const short = new Map<string, string>();
  for (const [category, months] of named) {
    const found = evenSeries(ends ? endedSeries(months, active.at(-1)!) : months);
    if (typeof found === "string") short.set(category, found);
    else parts.set(category, found);
  }
  if (short.size === 0) return { parts, short };
  const rest = new Map<number, number>();
  for (const [category, months] of named) {
    if (!short.has(category) && category !== restCategory) continue;
    for (const [month, value] of months) rest.set(month, (rest.get(month) ?? 0) + value);
  }
  const begin = Math.min(...rest.keys(), ...active.slice(-FEWEST_MONTHS));
  for (const month of active) if (month >= begin && !rest.has(month)) rest.set(month, 0);
  const found = evenSeries(rest);
  parts.delete(restCategory);
  short.delete(restCategory);
  if (typeof found === "string") short.set(restCategory, found);
  else parts.set(restCategory, found);
  return { parts, short };
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
