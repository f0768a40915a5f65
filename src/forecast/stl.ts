/** Seasons and trend by local regression. */

import { Loess, loessWeights } from "./loess.ts";

/** A decomposed series: the parts add up to it with what remains. */
export interface StlParts {
  /** The seasonal part, shape [steps]. */
  readonly seasonal: Float64Array;
  /** The trend, shape [steps]. */
  readonly trend: Float64Array;
}

/** Passes through season and trend. */
const INNER = 5;

/**
 * Seasonal-trend decomposition by loess, not robust, the season by local means.
 *
 * Source: Cleveland et al., STL (1990); statsmodels `STL` with `seasonal_deg=0`.
 *
 * @param y At least two seasons.
 * @param window Years, or other seasons, that a place of the season is smoothed over; odd.
 */
export function stl(y: Float64Array, season: number, window: number): StlParts {
  const n = y.length;
  const trendWindow = nextOdd(Math.ceil(1.5 * season / (1 - 1.5 / window)));
  const trendOf = new Loess(n, trendWindow, 1);
  const lowPass = new Loess(n, nextOdd(season + 1), 1);
  const places = placesOf(n, season, window);
  const [trend, seasonal, smooth, rest] = [0, 0, 0, 0].map(() => new Float64Array(n));
  const extended = new Float64Array(n + 2 * season);
  const [once, twice] = [new Float64Array(n + season + 1), new Float64Array(n + 2)];
  const third = new Float64Array(n);
  const own = new Float64Array(Math.ceil(n / season));
  const found = own.slice();
  for (let pass = 0; pass < INNER; pass++) {
    for (let place = 0; place < season; place++) {
      const size = Math.floor((n - place - 1) / season) + 1;
      for (let k = 0, t = place; k < size; k++, t += season) own[k] = y[t] - trend[t];
      const { loess, before, after } = places[size === places[0].size ? 0 : 1];
      loess.smooth(own, 0, found);
      for (let k = 0; k < size; k++) extended[place + (k + 1) * season] = found[k];
      // One season is added at either end.
      extended[place] = weighted(own, 0, before);
      extended[place + (size + 1) * season] = weighted(own, size - after.length, after);
    }
    means(extended, season, once);
    means(once, season, twice);
    means(twice, 3, third);
    lowPass.smooth(third, 0, smooth);
    for (let t = 0; t < n; t++) {
      seasonal[t] = extended[t + season] - smooth[t];
      rest[t] = y[t] - seasonal[t];
    }
    trendOf.smooth(rest, 0, trend);
  }
  return { seasonal, trend };
}

/** How the values of one place of the season are smoothed, and continued by one at either end. */
interface PlaceSmoother {
  readonly size: number;
  readonly loess: Loess;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Of the first place, and of those that have one value less. */
function placesOf(n: number, season: number, window: number): PlaceSmoother[] {
  const most = Math.ceil(n / season);
  return [most, most - 1].filter((size) => size > 0).map((size) => {
    const width = Math.min(window, size);
    return {
      size,
      loess: new Loess(size, window, 0),
      before: loessWeights(size, window, 0, -1, 0, width),
      after: loessWeights(size, window, 0, size, size - width, width),
    };
  });
}

function weighted(values: Float64Array, from: number, weights: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < weights.length; j++) sum += weights[j] * values[from + j];
  return sum;
}

/**
 * Several seasons, the shortest first, each taken from what the others leave.
 *
 * @param window Seasons that a place of the first is smoothed over, odd, 3 or more; default 11. Each
 * further one is smoothed over four more.
 */
export function mstl(
  y: Float64Array,
  seasons: readonly number[],
  window = 11,
): { readonly seasonal: readonly Float64Array[]; readonly rest: Float64Array } {
  const seasonal = seasons.map(() => new Float64Array(y.length));
  const rest = y.slice();
  for (let pass = 0; pass < (seasons.length > 1 ? 2 : 1); pass++) {
    seasons.forEach((season, k) => {
      for (let t = 0; t < y.length; t++) rest[t] += seasonal[k][t];
      seasonal[k].set(stl(rest, season, window + 4 * k).seasonal);
      for (let t = 0; t < y.length; t++) rest[t] -= seasonal[k][t];
    });
  }
  return { seasonal, rest };
}

const nextOdd = (value: number) => value % 2 === 0 ? value + 1 : value;

/** Writes the mean of each `width` values in a row. */
function means(values: Float64Array, width: number, to: Float64Array): void {
  let sum = 0;
  for (let t = 0; t < to.length + width - 1; t++) {
    sum += values[t] - (t >= width ? values[t - width] : 0);
    if (t >= width - 1) to[t - width + 1] = sum / width;
  }
}
