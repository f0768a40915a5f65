/** Public holidays by country and region, from a table. */

import { DataError, nearestName, UsageError } from "../base/mod.ts";
import table from "./holiday_table.json" with { type: "json" };

/** Whose holidays count. */
export interface HolidayPlace {
  /** ISO 3166 code of the country, as `IN`. */
  readonly country: string;
  /** Code of a state or region, as `MH`, whose own days count too. */
  readonly region?: string;
}

/** A holiday. */
export interface Holiday {
  /** The day, `YYYY-MM-DD`. */
  readonly date: string;
  /** Its name in English, as `Diwali`. */
  readonly name: string;
  /** Whether it falls on another day of the year in other years. */
  readonly moves: boolean;
}

interface CountryTable {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly regions: Readonly<Record<string, string>>;
  readonly days: readonly {
    readonly name: string;
    readonly regions?: readonly string[];
    /** As `20260126`, rising, with blanks between. */
    readonly dates: string;
  }[];
}

/** A holiday of all its years. */
interface EachYear {
  readonly name: string;
  /** As 20260126, rising. */
  readonly dates: readonly number[];
}

const countries: Readonly<Record<string, CountryTable>> = table.countries;

/** Codes of the countries that the table has, with their names. */
export const holidayCountries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(countries).map(([code, { name }]) => [code, name]),
);

/** The first and the last year that the table has of a country. */
export function holidayYears(country: string): readonly [first: number, last: number] {
  const { first, last } = countryOf(country);
  return [first, last];
}

/**
 * The public holidays from one day to another, both included, by date.
 *
 * Source: the Python package `holidays`, read once by `tests/python/make_holidays.py`. Islamic days
 * of years to come are estimates, a day early or late.
 *
 * @param first The first day, `YYYY-MM-DD`.
 * @param last The last day.
 * @throws {UsageError} for a country or region that the table does not have.
 * @throws {DataError} for years that it does not cover.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const days = holidaysBetween({ country: "IN" }, "2024-10-30", "2024-11-05");
 * assertEquals(days.map(({ date, name }) => `${date} ${name}`), ["2024-10-31 Diwali"]);
 * ```
 */
export function holidaysBetween(
  { country, region }: HolidayPlace,
  first: string,
  last: string,
): Holiday[] {
  const own = countryOf(country);
  const [from, to] = [numberOf(first), numberOf(last)];
  for (const date of [from, to]) {
    const year = Math.floor(date / 10_000);
    if (year >= own.first && year <= own.last) continue;
    throw new DataError(`Cannot tell the holidays of ${own.name} in ${year}`, {
      next: `the table covers ${own.first} to ${own.last}; leave holidays out beyond them`,
    });
  }
  const found: Holiday[] = [];
  for (const { name, dates } of daysOf(own, region)) {
    const moves = isMoving(dates);
    for (const date of dates) {
      if (date >= from && date <= to) found.push({ date: textOf(date), name, moves });
    }
  }
  return found.sort((a, b) => a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
}

/**
 * Names of a place's holidays that fall on another day in other years, in order of the alphabet.
 *
 * @throws {UsageError} for a country or region that the table does not have.
 */
export function movingHolidays({ country, region }: HolidayPlace): string[] {
  const days = daysOf(countryOf(country), region).filter(({ dates }) => isMoving(dates));
  return [...new Set(days.map(({ name }) => name))].sort();
}

const isMoving = (dates: readonly number[]) =>
  dates.some((date) => date % 10_000 !== dates[0] % 10_000);

/** The days of a country as a whole, and those of a region of it. */
function daysOf(own: CountryTable, region: string | undefined): EachYear[] {
  if (region !== undefined && !Object.hasOwn(own.regions, region)) {
    const close = nearestName(region, Object.keys(own.regions));
    throw new UsageError(`Cannot tell the holidays of region ${region} of ${own.name}`, {
      next: close === undefined
        ? `choose from ${Object.keys(own.regions).join(", ")}, or leave the region out`
        : `did you mean ${close} (${own.regions[close]})`,
    });
  }
  return own.days.filter(({ regions }) =>
    regions === undefined || (region !== undefined && regions.includes(region))
  ).map(({ name, dates }) => ({ name, dates: dates.split(" ").map(Number) }));
}

function countryOf(country: string): CountryTable {
  const found = Object.hasOwn(countries, country) ? countries[country] : undefined;
  if (found !== undefined) return found;
  throw new UsageError(`Cannot tell the holidays of ${country || "no country"}`, {
    next: `choose from ${Object.keys(countries).join(", ")}`,
  });
}

function numberOf(date: string): number {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (found !== null) return Number(found[1] + found[2] + found[3]);
  throw new DataError(`Cannot tell the holidays of "${date}"`, {
    next: "write days as 2026-01-31",
  });
}

function textOf(date: number): string {
  const text = String(date);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
