/** Prophet's own Stan model of a trend that bends and seasons of waves. */

import type { ForecastMethod } from "./contract.ts";
import { type Harmonic, harmonic, harmonicRow } from "./harmonic.ts";

/**
 * What finds the mode of Prophet's model, as `optimizer` of npm:@bsull/augurs-prophet-wasmstan
 * does, which is Prophet's Stan program as WebAssembly.
 */
export interface StanOptimizer {
  /** Finds it from a first guess and the data as JSON, in Stan's names. */
  optimize(
    init: StanInit,
    data: string,
    options: { readonly seed?: number; readonly algorithm?: "lbfgs" | "newton" },
  ): { readonly params: StanInit };
}

/** Parameters of the model. */
export interface StanInit {
  /** Slope of the trend. */
  k: number;
  /** Its level. */
  m: number;
  /** What each bend adds to the slope. */
  delta: Float64Array;
  /** Weights of the waves. */
  beta: Float64Array;
  /** Noise. */
  sigmaObs: number;
}

/** A fitted Prophet: the parameters of a {@linkcode Harmonic}. */
export interface Prophet extends Omit<Harmonic, "method"> {
  /** Its kind. */
  readonly method: "prophet";
}

/** Prophet's defaults: bends, the share of the past that they lie in, and prior scales. */
const [BENDS, BENDING, BEND_SCALE, WAVE_SCALE] = [25, 0.8, 0.05, 10];

/** Waves of a year, and of shorter seasons. */
const ORDERS = { year: 10, other: 3 };

/** Seasons from this many steps on count as years, and those of a year of months. */
const isYear = (period: number) => period > 60 || Math.round(period) === 12;

/**
 * Prophet with a linear trend and additive seasons, by the steps of a series instead of dates.
 *
 * Source: Taylor and Letham, Forecasting at scale (2018); Prophet 1.5 with its defaults.
 *
 * @param stan Finds the mode; a method without it forecasts what was fitted.
 * @param more Further seasons beside the one that is given to `fit`, in steps, as 365.25.
 */
export function prophet(
  stan?: StanOptimizer,
  more: readonly number[] = [],
): ForecastMethod<Prophet> {
  return {
    name: "prophet",
    family: "waves",
    fit(y, season) {
      const n = y.length;
      const size = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (stan === undefined || n < 10 || size === 0) return undefined;
      const periods = [...new Set([season, ...more])].filter((period) =>
        period > 1 && n >= 2 * period
      );
      const seen = Math.floor(n * BENDING);
      const count = Math.min(BENDS, seen - 1);
      const bends = Array.from(
        { length: count },
        (_, j) => Math.round((j + 1) * (seen - 1) / count) / n,
      );
      const waves = periods.map((period) => {
        const order = isYear(period) ? ORDERS.year : ORDERS.other;
        // A wave shorter than two steps is another one's alias.
        const most = Math.max(1, Math.floor((period - 1) / 2));
        return { period, weights: new Array<number>(2 * Math.min(order, most)).fill(0) };
      });
      const columns = waves.reduce((sum, { weights }) => sum + weights.length, 0);
      const row = new Float64Array(2 + count + columns);
      const [t, X]: [number[], number[][]] = [[], []];
      for (let step = 0; step < n; step++) {
        harmonicRow(row, step, n, bends, waves);
        t.push(row[1]);
        // Stan wants a column, though it be one of zeros.
        X.push(columns === 0 ? [0] : [...row.subarray(2 + count)]);
      }
      const scaled = Array.from(y, (value) => value / size);
      const width = Math.max(1, columns);
      const same = <T>(value: T) => new Array<T>(width).fill(value);
      const data = {
        ...{ T: n, K: width, S: count, y: scaled, t, cap: scaled.map(() => 0) },
        ...{ t_change: bends, trend_indicator: 0, s_a: same(1), s_m: same(0) },
        ...{ X, sigmas: same(WAVE_SCALE), tau: BEND_SCALE },
      };
      const slope = (scaled[n - 1] - scaled[0]) / (t[n - 1] - t[0]);
      const init: StanInit = {
        ...{ k: slope, m: scaled[0] - slope * t[0], sigmaObs: 1 },
        ...{ delta: new Float64Array(count), beta: new Float64Array(width) },
      };
      const found = modeOf(stan, init, JSON.stringify(data));
      if (found === undefined) return undefined;
      const { k, m, delta, beta } = found;
      let at = 0;
      return {
        ...{ method: "prophet", count: n, size, bends, trend: [m, k, ...delta] },
        waves: waves.map(({ period, weights }) => ({
          period,
          weights: [...beta.subarray(at, at += weights.length)],
        })),
      };
    },
    forecast: (model, horizon) => harmonic().forecast({ ...model, method: "harmonic" }, horizon),
  };
}

/**
 * The mode, by L-BFGS or, where that fails, by Newton's method, as Prophet has it for long series:
 * of short ones Newton's method mostly fails in this build. Undefined where both fail.
 */
function modeOf(stan: StanOptimizer, init: StanInit, data: string): StanInit | undefined {
  for (const algorithm of ["lbfgs", "newton"] as const) {
    try {
      return stan.optimize(init, data, { seed: 1, algorithm }).params;
    } catch (error) {
      // The program cannot throw out of WebAssembly: it ends there.
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    }
  }
  return undefined;
}
