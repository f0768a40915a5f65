/** What any method has to beat: the last season again, and the line from first to last. */

import type { ForecastMethod, SeriesModel } from "./contract.ts";

/** The last season of a series. */
export interface SeasonalNaive extends SeriesModel {
  /** Its kind. */
  readonly method: "seasonalNaive";
  /** The values of the last season, the latest last. */
  readonly last: readonly number[];
}

/** Repeats the last season; without one, the last value. */
export const seasonalNaive: ForecastMethod<SeasonalNaive> = {
  name: "seasonalNaive",
  family: "baseline",
  fit: (y, season) =>
    y.length < season
      ? undefined
      : { method: "seasonalNaive", last: [...y.subarray(y.length - season)] },
  forecast: ({ last }, horizon) =>
    Float64Array.from({ length: horizon }, (_, h) => last[h % last.length]),
};

/** A line. */
export interface Drift extends SeriesModel {
  /** Its kind. */
  readonly method: "drift";
  /** The last value. */
  readonly last: number;
  /** What each step adds. */
  readonly slope: number;
}

/** Goes on along the line from the first value to the last. */
export const drift: ForecastMethod<Drift> = {
  name: "drift",
  family: "baseline",
  fit: (y) =>
    y.length < 2 ? undefined : {
      method: "drift",
      last: y[y.length - 1],
      slope: (y[y.length - 1] - y[0]) / (y.length - 1),
    },
  forecast: ({ last, slope }, horizon) =>
    Float64Array.from({ length: horizon }, (_, h) => last + slope * (h + 1)),
};
