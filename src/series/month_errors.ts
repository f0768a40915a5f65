/** How good forecasts were that were answered and logged, by how far ahead they were. */

import { forecastErrors, type JudgedMonth } from "./forecast_errors.ts";

/** A forecast month that came. */
export interface LoggedMonth extends JudgedMonth {
  /** Months after the last one that was known; NaN where the log does not tell. */
  readonly ahead: number;
}

/** Errors of months, as {@linkcode forecastErrors} names them, of those that can be told. */
export interface MonthErrors {
  /** Over all months. */
  readonly overall: Readonly<Record<string, number>>;
  /** By months ahead, rising. */
  readonly byAhead: ReadonlyMap<number, Readonly<Record<string, number>>>;
}

/** What is told of months that came: of each a number for every interval is enough. */
const told = /^(mase|mape|coverage_.*)$/;

/**
 * A month as it was logged.
 *
 * @param said What was said.
 * @param came What came.
 * @param beside What was told beside it: `ahead`, `scale`, and `lower_80`, `upper_80`, … the ends of
 * its intervals.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const beside = { lower_80: 8, upper_80: 13, ahead: 2, scale: 4 };
 * const { bands, ahead } = loggedMonth(10, 12, beside);
 * assertEquals([ahead, bands], [2, [{ level: 0.8, lower: 8, upper: 13 }]]);
 * ```
 */
export function loggedMonth(
  said: number,
  came: number,
  beside: Readonly<Record<string, number>>,
): LoggedMonth {
  const bands = Object.keys(beside).flatMap((name) => {
    const level = /^lower_(.+)$/.exec(name)?.[1];
    if (level === undefined || !Number.isFinite(beside[name])) return [];
    return [{
      level: Number(level.replace("_", ".")) / 100,
      lower: beside[name],
      upper: beside[`upper_${level}`],
    }];
  });
  const { ahead = NaN, scale = NaN } = beside;
  return { ...{ said, came, bands, ahead, scale } };
}

/** MASE, MAPE and the share within each interval, over all months and by months ahead. */
export function monthErrors(months: readonly LoggedMonth[]): MonthErrors {
  const errorsOf = (some: readonly LoggedMonth[]) => {
    // Logs of before tell no scale.
    const { mase: _, ...errors } = forecastErrors(some);
    const { mase } = forecastErrors(some.filter(({ scale }) => scale > 0));
    const all = Object.entries({ ...mase !== undefined && { mase }, ...errors });
    return Object.fromEntries(
      all.filter(([name, value]) => told.test(name) && Number.isFinite(value)),
    );
  };
  const byAhead = Map.groupBy(months.filter(({ ahead }) => ahead > 0), ({ ahead }) => ahead);
  return {
    overall: errorsOf(months),
    byAhead: new Map(
      [...byAhead].sort(([a], [b]) => a - b).map(([ahead, own]) => [ahead, errorsOf(own)]),
    ),
  };
}
