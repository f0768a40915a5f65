/** From dated values to a series at even steps. */

import { DataError } from "../base/mod.ts";

/** What a step is. */
export type SeriesStep = "day" | "week" | "month" | "quarter" | "year";

/** Values at even steps. */
export interface RegularSeries {
  /** What lies between two of them. */
  readonly step: SeriesStep;
  /** The first date, `YYYY-MM-DD`. */
  readonly first: string;
  /** The values; those that were missing lie on the line between their neighbours. */
  readonly values: Float64Array;
  /** Places of those that were missing, rising. */
  readonly filled: readonly number[];
}

/** Steps of a season, the shortest first, by what a step is. */
export const usualSeasons: Readonly<Record<SeriesStep, readonly number[]>> = {
  day: [7, 365.25],
  week: [52],
  month: [12],
  quarter: [4],
  year: [1],
};

/** Share of steps that may be missing. */
const MOST_MISSING = 0.3;

const written = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/;
const DAY = 86_400_000;
const months: Partial<Record<SeriesStep, number>> = { month: 1, quarter: 3, year: 12 };

/**
 * Brings dated values into order and to even steps of days, weeks, months, quarters or years.
 * Dates of months may be any day, the same or the last one in all.
 *
 * @param dates `YYYY-MM-DD`, or `YYYY-MM`, in any order.
 * @param values Null for a missing value.
 * @param until The last day that may be there, as today; later dates are refused.
 * @throws {DataError} for a date that is none, too late or there twice, a value that is no finite number,
 * fewer than three values, steps that are not even, or more than 30 % of them missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { step, values, filled } = regularSeries(
 *   ["2026-01", "2026-04", "2026-02", "2026-05"],
 *   [1, 4, 2, 5],
 * );
 * assertEquals([step, [...values], filled], ["month", [1, 2, 3, 4, 5], [2]]);
 * ```
 */
export function regularSeries(
  dates: readonly string[],
  values: readonly (number | null)[],
  { until }: { readonly until?: string } = {},
): RegularSeries {
  if (dates.length !== values.length) {
    cannot(`it has ${dates.length} dates and ${values.length} values`, "give one value for each");
  }
  const moments = momentsOf(dates, until);
  values.forEach((value, row) => {
    if (value === null || Number.isFinite(value)) return;
    cannot(`the value of ${dates[row]} is ${value}`, "give finite numbers, and null if missing");
  });
  const known = moments.map((time, row) => ({ time, value: values[row] }))
    .filter((one): one is { time: number; value: number } => one.value !== null)
    .sort((a, b) => a.time - b.time);
  const twice = known.find(({ time }, i) => i > 0 && time === known[i - 1].time);
  if (twice !== undefined) {
    cannot(`${dayOf(twice.time)} is there twice`, "add the values of a date up, or choose one");
  }
  if (known.length < 3) cannot(`it has ${known.length} values`, "give at least three");
  const times = known.map(({ time }) => time);
  const step = stepOf(times) ??
    cannot(
      `its dates are not at even steps (${times.slice(0, 4).map(dayOf).join(", ")}, …)`,
      "add values up by day, week, month, quarter or year",
    );
  const places = times.map((time) => placeOf(step, time, times[0]));
  const size = places.at(-1)! + 1;
  if (size - known.length > MOST_MISSING * size) {
    cannot(
      `${size - known.length} of ${size} steps of a ${step} are missing`,
      "add values up over longer steps, or give the missing ones",
    );
  }
  const even = new Float64Array(size);
  const filled: number[] = [];
  known.forEach(({ value }, i) => {
    even[places[i]] = value;
    for (let gap = 1; i > 0 && gap < places[i] - places[i - 1]; gap++) {
      const share = gap / (places[i] - places[i - 1]);
      even[places[i - 1] + gap] = known[i - 1].value + share * (value - known[i - 1].value);
      filled.push(places[i - 1] + gap);
    }
  });
  return { step, first: dayOf(times[0]), values: even, filled };
}

/** The date that lies so many steps after the first. */
export function dateOfStep(
  { step, first }: Pick<RegularSeries, "step" | "first">,
  at: number,
): string {
  const start = new Date(Date.parse(first));
  const by = months[step];
  if (by === undefined) return dayOf(start.getTime() + at * DAY * (step === "week" ? 7 : 1));
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  const last = new Date(Date.UTC(year, month + by * at + 1, 0)).getUTCDate();
  const atEnd = day === new Date(Date.UTC(year, month + 1, 0)).getUTCDate() && day > 27;
  return dayOf(Date.UTC(year, month + by * at, atEnd ? last : Math.min(day, last)));
}

function cannot(found: string, next: string): never {
  throw new DataError(`Cannot read the series: ${found}`, { next });
}

/** Milliseconds of dates as they are written, none after `until`. */
export function momentsOf(dates: readonly string[], until: string | undefined): number[] {
  const read = (date: string) => {
    const found = written.exec(date.trim());
    const day = found && `${found[1]}-${found[2]}-${found[3] ?? "01"}`;
    const time = day ? Date.parse(day) : NaN;
    const real = !Number.isNaN(time) && dayOf(time) === day;
    return real ? time : cannot(`"${date}" is no date`, "write dates as 2026-01-31 or 2026-01");
  };
  const last = until === undefined ? Infinity : read(until);
  return dates.map((date) => {
    const time = read(date);
    return time <= last ? time : cannot(
      `${date} is after ${until}, which is to be the last day`,
      "leave out what has not been, or set the clock right",
    );
  });
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

function monthOf(time: number): number {
  const date = new Date(time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}

/** What most steps are, if all are whole numbers of them. */
function stepOf(times: readonly number[]): SeriesStep | undefined {
  const days = times.map((time) => new Date(time));
  const sameDay = days.every((date) => date.getUTCDate() === days[0].getUTCDate());
  const lastDay = days.every((date) => new Date(date.getTime() + DAY).getUTCDate() === 1);
  const usual = (gaps: number[]) => gaps.sort((a, b) => a - b)[(gaps.length - 1) >> 1];
  if (sameDay || lastDay) {
    const gaps = times.slice(1).map((time, i) => monthOf(time) - monthOf(times[i]));
    const least = usual([...gaps]);
    const found = (["month", "quarter", "year"] as const).find((step) => months[step] === least);
    if (found !== undefined && gaps.every((gap) => gap % months[found]! === 0)) return found;
  }
  const gaps = times.slice(1).map((time, i) => Math.round((time - times[i]) / DAY));
  const least = usual([...gaps]);
  if (least === 7 && gaps.every((gap) => gap % 7 === 0)) return "week";
  return least === 1 ? "day" : undefined;
}

function placeOf(step: SeriesStep, time: number, first: number): number {
  const by = months[step];
  if (by !== undefined) return (monthOf(time) - monthOf(first)) / by;
  return Math.round((time - first) / DAY) / (step === "week" ? 7 : 1);
}
