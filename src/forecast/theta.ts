/** The dynamic optimised theta method. */

import { classicalSeason } from "./classical.ts";
import type { ForecastMethod, SeriesModel } from "./contract.ts";
import { likeliestTheta, runTheta, type ThetaState } from "./theta_search.ts";

/** A fitted theta model with its state after the last value. */
export interface Theta extends SeriesModel {
  /** Its kind. */
  readonly method: "theta";
  /** Weight of news, 0.1 to 0.99. */
  readonly alpha: number;
  /** How much of the curvature is kept, 1 or more. */
  readonly theta: number;
  /** Smoothed value before the first one. */
  readonly initial: number;
  /** Level, mean, intercept and slope after the last value. */
  readonly state: ThetaState;
  /** Values so far. */
  readonly count: number;
  /** How seasons join. */
  readonly kind: "additive" | "multiplicative";
  /** The seasons of the next steps, in their order. */
  readonly seasons: readonly number[];
}

/** The normal quantile of a one-sided test at 5 %. */
const SIGNIFICANT = 1.6448536269514722;

/**
 * Dynamic optimised theta: between the mean's line and the values, drawn anew with each value.
 * Seasons are taken away where the autocorrelation of one season is significant, by division
 * where values are above 0.
 *
 * Source: Fiorucci et al. (2016); R `forecTheta::dotm`, statsforecast `DynamicOptimizedTheta`.
 */
export const theta: ForecastMethod<Theta> = {
  name: "theta",
  fit(y, season) {
    if (y.length < 5) return undefined;
    const seasonal = season >= 2 && y.length >= 2 * season && isSeasonal(y, season);
    let kind: Theta["kind"] = y.every((value) => value > 0) ? "multiplicative" : "additive";
    let seasons: Float64Array | undefined;
    if (seasonal) {
      seasons = classicalSeason(y, season, kind);
      if (kind === "multiplicative" && seasons.some((value) => value < 0.01)) {
        kind = "additive";
        seasons = classicalSeason(y, season, kind);
      }
    }
    const adjusted = seasons === undefined
      ? y
      : y.map((value, t) => kind === "additive" ? value - seasons[t] : value / seasons[t]);
    const { initial, alpha, theta } = likeliestTheta(adjusted);
    const state = runTheta(adjusted, initial, alpha);
    const neutral = kind === "additive" ? 0 : 1;
    return {
      ...{ method: "theta", alpha, theta, initial, state, count: y.length, kind },
      seasons: seasons === undefined
        ? [neutral]
        : Array.from({ length: season }, (_, h) => seasons[(y.length + h) % season]),
    };
  },
  forecast({ alpha, theta, state, count, kind, seasons }, horizon) {
    let { level, mean, slope } = state;
    const share = 1 - 1 / theta;
    return Float64Array.from({ length: horizon }, (_, h) => {
      const t = count + h + 1;
      const left = (1 - alpha) ** (t - 1);
      const line = left * (mean - t / 2 * slope) + (1 - left * (1 - alpha)) / alpha * slope;
      const value = level + share * line;
      slope = ((t - 2) * slope + 6 * (value - mean) / t) / (t + 1);
      mean = ((t - 1) * mean + value) / t;
      level = alpha * value + (1 - alpha) * level;
      const own = seasons[h % seasons.length];
      return kind === "additive" ? value + own : value * own;
    });
  },
};

/** Whether values a season apart are more alike than chance has them. */
function isSeasonal(y: Float64Array, season: number): boolean {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const product = (lag: number) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
    return sum;
  };
  const all = product(0);
  if (!(all > 0)) return false;
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += (product(lag) / all) ** 2;
  return Math.abs(product(season) / all) / Math.sqrt((1 + 2 * squares) / n) > SIGNIFICANT;
}
