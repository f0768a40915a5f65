/** From events at any times to sums at even steps. */

import { DataError } from "../base/mod.ts";
import { momentsOf, type RegularSeries, type SeriesStep } from "./regular_series.ts";

/** Which steps events are added up by. */
export interface TotalsOptions {
  /** What a step is; weeks begin on Monday. */
  readonly step: SeriesStep;
  /** The first day that counts; that of the first event if left out. Its step counts from its start. */
  readonly from?: string;
  /** The last day that counts, that of the last event if left out; later events are refused. */
  readonly until?: string;
}

const DAY = 86_400_000;
/** A Monday. */
const MONDAY = Date.parse("1970-01-05");

/**
 * Adds events up, as transactions to months. A step without events is 0, several on one day are
 * added; the last step is whole only if `until` is its last day.
 *
 * @param dates `YYYY-MM-DD`, in any order.
 * @param amounts One for each date, of any sign.
 * @throws {DataError} for no events, a date that is none or outside the given days, or an amount
 * that is no finite number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { first, values } = totalsByStep(
 *   ["2026-01-20", "2026-03-02", "2026-01-05", "2026-03-02"],
 *   [10, 5, 2.5, -1],
 *   { step: "month" },
 * );
 * assertEquals([first, ...values], ["2026-01-01", 12.5, 0, 4]);
 * ```
 */
export function totalsByStep(
  dates: readonly string[],
  amounts: readonly number[],
  { step, from, until }: TotalsOptions,
): RegularSeries {
  const cannot = (found: string, next: string): never => {
    throw new DataError(`Cannot add events up by ${step}: ${found}`, { next });
  };
  if (dates.length === 0 || dates.length !== amounts.length) {
    cannot(
      `there are ${dates.length} dates and ${amounts.length} amounts`,
      "give one amount for each date, and at least one",
    );
  }
  const moments = momentsOf(dates, until);
  const [start] = from === undefined ? [Math.min(...extremes(moments))] : momentsOf([from], until);
  const end = until === undefined ? Math.max(...extremes(moments)) : momentsOf([until], until)[0];
  const first = startOf(step, start);
  const values = new Float64Array(placeOf(step, first, end) + 1);
  moments.forEach((time, row) => {
    if (time < start) {
      cannot(`${dates[row]} is before ${from}`, "leave out earlier events, or begin with them");
    }
    if (!Number.isFinite(amounts[row])) {
      cannot(`the amount of ${dates[row]} is ${amounts[row]}`, "give finite numbers");
    }
    values[placeOf(step, first, time)] += amounts[row];
  });
  return { step, first: new Date(first).toISOString().slice(0, 10), values, filled: [] };
}

/** The least and the greatest, without spreading millions of arguments. */
function extremes(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return [least, most];
}

/** The first day of the step that a day lies in. */
function startOf(step: SeriesStep, time: number): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (step) {
    case "day":
      return time;
    case "week":
      return MONDAY + Math.floor((time - MONDAY) / (7 * DAY)) * 7 * DAY;
    case "month":
      return Date.UTC(year, month, 1);
    case "quarter":
      return Date.UTC(year, month - month % 3, 1);
    case "year":
      return Date.UTC(year, 0, 1);
  }
}

/** Steps from the first one to that of a day. */
function placeOf(step: SeriesStep, first: number, time: number): number {
  const start = startOf(step, time);
  if (step === "day" || step === "week") {
    return Math.round((start - first) / DAY) / (step === "week" ? 7 : 1);
  }
  const months = (at: number) => 12 * new Date(at).getUTCFullYear() + new Date(at).getUTCMonth();
  return (months(start) - months(first)) / { month: 1, quarter: 3, year: 12 }[step];
}
