/** What methods would have said at earlier times, beside what came. */

import { YieldingLoop } from "../base/mod.ts";
import type { AnyForecastMethod, ForecastMethod, SeriesModel } from "./contract.ts";
import { fitsScale, fromScale, type SeriesScale, toScale } from "./scale.ts";

/** A method on a scale. */
export interface ScaledMethod<Method extends AnyForecastMethod = ForecastMethod> {
  /** Its name, as `ets log`. */
  readonly name: string;
  /** The method. */
  readonly method: Method;
  /** The scale. */
  readonly scale: SeriesScale;
}

/** Any method on a scale. */
export type AnyScaledMethod = ScaledMethod<AnyForecastMethod>;

/** What a candidate said at each origin. */
export interface PastForecasts {
  readonly candidate: AnyScaledMethod;
  /** The forecasts, origin by origin, shape [origins][horizon]. */
  readonly said: readonly Float64Array[];
}

/** A fitted method on a scale, plain data. */
export interface ScaledModel {
  /** Name of the candidate. */
  readonly name: string;
  /** The scale that it was fitted on. */
  readonly scale: SeriesScale;
  /** What was fitted. */
  readonly model: SeriesModel;
}

/** Fits a candidate; undefined where it does not fit the series. */
export function fitScaled(
  { name, method, scale }: ScaledMethod,
  y: Float64Array,
  season: number,
): ScaledModel | undefined {
  if (!fitsScale(scale, y)) return undefined;
  const model = method.fit(toScale(scale, y), season);
  return model && { name, scale, model };
}

/** Fits a candidate that may take its time; undefined where it does not fit the series. */
export async function fitAnyScaled(
  { name, method, scale }: AnyScaledMethod,
  y: Float64Array,
  season: number,
  signal?: AbortSignal,
): Promise<ScaledModel | undefined> {
  if (!fitsScale(scale, y)) return undefined;
  const model = await method.fit(toScale(scale, y), season, signal);
  return model && { name, scale, model };
}

/** Its forecast, undefined if it is not finite. */
export function forecastScaled(
  method: AnyForecastMethod,
  { scale, model }: ScaledModel,
  horizon: number,
): Float64Array | undefined {
  const said = fromScale(scale, method.forecast(model, horizon));
  return said.every(Number.isFinite) ? said : undefined;
}

/**
 * The steps at which the past is cut: `count` at most, a quarter of a horizon apart, each with more
 * than half of the series before it and a whole horizon behind it. Those before which methods did not
 * know the season yet are left out if two others are left.
 */
export function originsOf(steps: number, horizon: number, count: number, season = 1): number[] {
  const step = Math.max(1, Math.round(horizon / 4));
  const origins = Array.from({ length: count }, (_, k) => steps - horizon - k * step)
    .filter((origin) => origin > steps / 2).reverse();
  const seasonal = origins.filter((origin) => origin >= 2 * season + 2);
  return seasonal.length < 2 ? origins : seasonal;
}

/**
 * Forecasts of every candidate from each origin, by what was known then alone. A candidate that
 * fails at one origin is left out.
 */
export async function rollingForecasts(
  candidates: readonly AnyScaledMethod[],
  y: Float64Array,
  season: number,
  { horizon, origins, signal, onProgress }: {
    readonly horizon: number;
    readonly origins: readonly number[];
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number) => void;
  },
): Promise<PastForecasts[]> {
  const pace = new YieldingLoop({ signal, onProgress });
  const found: PastForecasts[] = [];
  let done = 0;
  for (const candidate of candidates) {
    const said: Float64Array[] = [];
    for (const origin of origins) {
      const fitted = await fitAnyScaled(candidate, y.subarray(0, origin), season, signal);
      const own = fitted && forecastScaled(candidate.method, fitted, horizon);
      await pace.step(++done / candidates.length / origins.length);
      if (own === undefined) break;
      said.push(own);
    }
    if (said.length === origins.length) found.push({ candidate, said });
  }
  return found;
}
