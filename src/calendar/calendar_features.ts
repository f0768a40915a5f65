/** What the calendar says of days and months, as numbers. */

import {
  type Holiday,
  type HolidayPlace,
  holidaysBetween,
  holidayYears,
  movingHolidays,
} from "./holidays.ts";

/** Features of periods, period by period. */
export interface CalendarFeatures {
  /** Names of the features. */
  readonly names: readonly string[];
  /** Values, shape [periods][names]. */
  readonly rows: readonly Float64Array[];
}

/** Days within which a holiday casts its shadow. */
const NEAR = 7;

const DAY = 86_400_000;

const timeOf = (date: string) => Date.parse(`${date}T00:00:00Z`);
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/**
 * Features of the periods that begin at `dates`, each up to the day before the next: `month`,
 * `day` of the month, `weekday` (0 is Sunday), `days`, `weekends` (their Saturdays and Sundays),
 * and with a place `holidays`, `workdays`, days `since` and `until` a holiday (7 at most), and
 * whether each holiday that moves in the year, as `Diwali`, falls into the period.
 *
 * @param dates First days of even periods, rising, `YYYY-MM-DD`.
 * @param end The day after the last period.
 * @param place Whose holidays count; none if left out.
 * @throws {DataError} for years beyond the table of holidays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { names, rows } = calendarFeatures(["2024-02-01"], "2024-03-01");
 * const leap = Object.fromEntries(names.map((name, j) => [name, rows[0][j]]));
 * assertEquals([leap.month, leap.days, leap.weekends], [2, 29, 8]);
 * ```
 */
export function calendarFeatures(
  dates: readonly string[],
  end: string,
  place?: HolidayPlace,
): CalendarFeatures {
  const names = ["month", "day", "weekday", "days", "weekends"];
  const starts = [...dates, end].map(timeOf);
  const holidays = place === undefined ? [] : holidaysNear(place, starts[0], starts.at(-1)!);
  const moving = place === undefined ? [] : movingHolidays(place);
  if (place !== undefined) names.push("holidays", "workdays", "since", "until", ...moving);
  const free = new Set(holidays.map(({ date }) => timeOf(date)));
  const rows = dates.map((_, at) => {
    const [from, to] = [starts[at], starts[at + 1]];
    const first = new Date(from);
    const row = new Float64Array(names.length);
    row.set([first.getUTCMonth() + 1, first.getUTCDate(), first.getUTCDay()]);
    row[3] = Math.round((to - from) / DAY);
    let [weekends, off, workdays] = [0, 0, 0];
    for (let day = from; day < to; day += DAY) {
      const weekend = new Date(day).getUTCDay() % 6 === 0;
      weekends += Number(weekend);
      off += Number(free.has(day));
      workdays += Number(!weekend && !free.has(day));
    }
    row[4] = weekends;
    if (place === undefined) return row;
    row.set([off, workdays, distance(free, from, -1), distance(free, to - DAY, 1)], 5);
    for (const { date, name } of holidays) {
      const time = timeOf(date);
      const own = moving.indexOf(name);
      if (own >= 0 && time >= from && time < to) row[9 + own] = 1;
    }
    return row;
  });
  return { names, rows };
}

/** Days to the nearest holiday in one direction, {@linkcode NEAR} if none is that near. */
function distance(free: ReadonlySet<number>, from: number, direction: 1 | -1): number {
  for (let days = 0; days < NEAR; days++) {
    if (free.has(from + direction * days * DAY)) return days;
  }
  return NEAR;
}

/** Those of the periods and of a week around them, as far as the table has it. */
function holidaysNear(place: HolidayPlace, from: number, to: number): readonly Holiday[] {
  const [first, last] = holidayYears(place.country);
  const [start, end] = [timeOf(`${first}-01-01`), timeOf(`${last}-12-31`)];
  // The periods themselves have to be covered, what lies around them need not.
  const [before, after] = [from - NEAR * DAY, to + NEAR * DAY];
  return holidaysBetween(
    place,
    dayOf(from < start ? from : Math.max(before, start)),
    dayOf(to - DAY > end ? to - DAY : Math.min(after, end)),
  );
}
