/** A trend that bends now and then, and seasons of smooth waves. */

import type { ForecastMethod, SeriesModel } from "./contract.ts";

/** A fitted trend with its waves. */
export interface Harmonic extends SeriesModel {
  /** Its kind. */
  readonly method: "harmonic";
  /** Steps that were seen. */
  readonly count: number;
  /** What values were divided by. */
  readonly size: number;
  /** Level and slope over all that was seen, then what each bend adds to the slope. */
  readonly trend: readonly number[];
  /** Shares of what was seen at which the trend may bend. */
  readonly bends: readonly number[];
  /** Sine and cosine of each wave. */
  readonly waves: readonly { readonly period: number; readonly weights: readonly number[] }[];
}

/** Places where the trend may bend, within the first four fifths. */
const BENDS = 25;
const BENDING = 0.8;
/** Prior scale of a bend (Laplace), of a wave and of level and slope (normal). */
const BEND_SCALE = 0.05;
const WAVE_SCALE = 10;
const LINE_SCALE = 5;
/** Rounds of fitting: absolute values by reweighted squares, and the noise with them. */
const ROUNDS = 30;
/** Waves of a season at most: of one that is longer than 60 steps, as a year of days, and of others. */
const ORDERS = { long: 10, short: 3 };

/**
 * A piecewise linear trend with sparse bends and Fourier seasons, at the mode of its posterior.
 *
 * Source: Taylor and Letham, Forecasting at scale (2018), with Prophet's defaults; the mode is
 * found by reweighted least squares.
 *
 * @param more Further seasons beside the one that is given to `fit`, in steps, as 365.25.
 */
export function harmonic(more: readonly number[] = []): ForecastMethod<Harmonic> {
  return {
    name: "harmonic",
    family: "waves",
    fit(y, season) {
      const periods = [...new Set([season, ...more])].filter((period) =>
        period > 1 && y.length >= 2 * period
      );
      const size = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (y.length < 10 || size === 0) return undefined;
      const n = y.length;
      const count = Math.min(BENDS, Math.floor(BENDING * n) - 1);
      const bends = Array.from(
        { length: count },
        (_, k) => BENDING * (k + 1) / count,
      );
      const waves = periods.map((period) => ({
        period,
        weights: new Array<number>(2 * ordersOf(period)).fill(0),
      }));
      const width = 2 + count + waves.reduce((sum, { weights }) => sum + weights.length, 0);
      const weights = solve(y, size, { bends, waves, width });
      let at = 2 + count;
      return {
        ...{ method: "harmonic", count: n, size, bends },
        trend: weights.slice(0, at),
        waves: waves.map(({ period, weights: own }) => ({
          period,
          weights: weights.slice(at, at += own.length),
        })),
      };
    },
    forecast({ count, size, trend, bends, waves }, horizon) {
      const all = [...trend, ...waves.flatMap(({ weights }) => weights)];
      const row = new Float64Array(all.length);
      return Float64Array.from({ length: horizon }, (_, h) => {
        harmonicRow(row, count + h, count, bends, waves);
        return size * all.reduce((sum, weight, j) => sum + weight * row[j], 0);
      });
    },
  };
}

function ordersOf(period: number): number {
  return Math.min(period > 60 ? ORDERS.long : ORDERS.short, Math.floor((period - 1) / 2) || 1);
}

type Waves = readonly { readonly period: number; readonly weights: readonly number[] }[];

/** Writes what a step is described by: 1, the share of the seen that is past, bends, waves. */
export function harmonicRow(
  row: Float64Array,
  step: number,
  count: number,
  bends: readonly number[],
  waves: Waves,
): void {
  const t = step / count;
  row[0] = 1;
  row[1] = t;
  bends.forEach((bend, k) => row[2 + k] = Math.max(0, t - bend));
  let at = 2 + bends.length;
  for (const { period, weights } of waves) {
    for (let order = 1; 2 * order <= weights.length; order++) {
      const angle = 2 * Math.PI * order * step / period;
      row[at++] = Math.sin(angle);
      row[at++] = Math.cos(angle);
    }
  }
}

function solve(
  y: Float64Array,
  size: number,
  { bends, waves, width }: {
    readonly bends: readonly number[];
    readonly waves: Waves;
    readonly width: number;
  },
): number[] {
  const n = y.length;
  const gram = new Float64Array(width * width);
  const along = new Float64Array(width);
  const row = new Float64Array(width);
  let squares = 0;
  for (let t = 0; t < n; t++) {
    harmonicRow(row, t, n, bends, waves);
    const value = y[t] / size;
    squares += value * value;
    for (let a = 0; a < width; a++) {
      along[a] += row[a] * value;
      for (let b = 0; b <= a; b++) gram[a * width + b] += row[a] * row[b];
    }
  }
  let weights: Float64Array = new Float64Array(width);
  let noise = 0.1 * squares / n;
  for (let round = 0; round < ROUNDS; round++) {
    const system = gram.slice();
    for (let j = 0; j < width; j++) {
      const isBend = j >= 2 && j < 2 + bends.length;
      const scale = j < 2 ? LINE_SCALE : WAVE_SCALE;
      const bent = round === 0 ? BEND_SCALE : Math.abs(weights[j]);
      system[j * width + j] += noise * (isBend ? 1 / (BEND_SCALE * (bent + 1e-6)) : scale ** -2);
    }
    weights = cholesky(system, along, width);
    let explained = 0;
    for (let a = 0; a < width; a++) {
      explained += 2 * weights[a] * along[a] - weights[a] ** 2 * gram[a * width + a];
      for (let b = 0; b < a; b++) explained -= 2 * weights[a] * weights[b] * gram[a * width + b];
    }
    noise = Math.max((squares - explained) / n, 1e-10);
  }
  return [...weights];
}

/** Solves a positive definite system, of which the lower half is given and overwritten. */
function cholesky(system: Float64Array, right: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = system[i * n + j];
      for (let k = 0; k < j; k++) sum -= system[i * n + k] * system[j * n + k];
      system[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / system[j * n + j];
    }
  }
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= system[i * n + k] * x[k];
    x[i] /= system[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= system[k * n + i] * x[k];
    x[i] /= system[i * n + i];
  }
  return x;
}
