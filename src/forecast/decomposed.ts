/** Seasons by decomposition, and all else by exponential smoothing. */

import type { ForecastMethod, SeriesModel } from "./contract.ts";
import { type Ets, etsWithoutSeason, forecastEts } from "./ets.ts";
import { mstl } from "./stl.ts";
import { type Theta, theta } from "./theta.ts";

/** A decomposed series. */
export interface Decomposed extends SeriesModel {
  /** Its kind. */
  readonly method: "decomposed";
  /** The last values of each season, as often repeated as wanted. */
  readonly seasons: readonly (readonly number[])[];
  /** How all else goes on. */
  readonly rest: Ets;
}

/**
 * Forecasts by a decomposition into one season or several: seasons go on as they were last, all
 * else by exponential smoothing without a season.
 *
 * Source: Bandara, Hyndman and Bergmeir, MSTL (2021); statsforecast `MSTL`.
 *
 * @param more Further seasons beside the one that is given to `fit`, as a year of days.
 */
export function decomposed(more: readonly number[] = []): ForecastMethod<Decomposed> {
  return {
    name: "decomposed",
    family: "decomposition",
    fit(y, season) {
      const seasons = seasonsOf(y, season, more);
      if (seasons.length === 0) return undefined;
      const { seasonal, rest } = mstl(y, seasons);
      const smooth = etsWithoutSeason.fit(rest, 1);
      return smooth && {
        method: "decomposed",
        rest: smooth,
        seasons: seasonal.map((part, k) => [...part.subarray(y.length - seasons[k])]),
      };
    },
    forecast({ seasons, rest }, horizon) {
      const values = forecastEts(rest, horizon);
      return values.map((value, h) =>
        seasons.reduce((sum, own) => sum + own[h % own.length], value)
      );
    },
  };
}

/** A series decomposed into seasons and what theta forecasts. */
export interface DecomposedTheta extends SeriesModel {
  /** Its kind: how fast its seasons change. */
  readonly method: "quickSeasons" | "steadySeasons";
  /** The last values of each season, as often repeated as wanted. */
  readonly seasons: readonly (readonly number[])[];
  /** How all else goes on. */
  readonly rest: Theta;
}

/** Seasons that a place of the season is smoothed over. */
const WINDOWS = { quickSeasons: 7, steadySeasons: 21 };

/**
 * Forecasts by a decomposition, whose seasons change quickly or slowly, and all else by dynamic
 * optimised theta: which of the two suits a series its past tells.
 *
 * @param more Further seasons beside the one that is given to `fit`, as a year of days.
 */
export function decomposedTheta(
  method: DecomposedTheta["method"],
  more: readonly number[] = [],
): ForecastMethod<DecomposedTheta> {
  return {
    name: method,
    family: "decomposition",
    fit(y, season) {
      const seasons = seasonsOf(y, season, more);
      if (seasons.length === 0) return undefined;
      const { seasonal, rest } = mstl(y, seasons, WINDOWS[method]);
      const smooth = theta.fit(rest, 1);
      return smooth && {
        ...{ method, rest: smooth },
        seasons: seasonal.map((part, k) => [...part.subarray(y.length - seasons[k])]),
      };
    },
    forecast({ seasons, rest }, horizon) {
      const values = theta.forecast(rest, horizon);
      return values.map((value, h) =>
        seasons.reduce((sum, own) => sum + own[h % own.length], value)
      );
    },
  };
}

/** Those that the series is long enough for, the shortest first. */
function seasonsOf(y: Float64Array, season: number, more: readonly number[]): number[] {
  return [...new Set([season, ...more])].sort((a, b) => a - b)
    .filter((own) => own > 1 && y.length > 2 * own);
}
