/** Exponential smoothing as a state space, in all of its admissible forms. */

import type { ForecastMethod, SeriesModel } from "./contract.ts";
import { type EtsForm, etsForms } from "./ets_forms.ts";
import { EtsSearch } from "./ets_search.ts";

/** A fitted form with its state after the last value. */
export interface Ets extends SeriesModel {
  /** Its kind. */
  readonly method: "ets";
  /** Its form. */
  readonly form: EtsForm;
  /** Weight of news in the level. */
  readonly alpha: number;
  /** Weight of news in the trend. */
  readonly beta: number;
  /** Weight of news in the season. */
  readonly gamma: number;
  /** How a damped trend dies away. */
  readonly phi: number;
  /** Level after the last value. */
  readonly level: number;
  /** Slope after the last value. */
  readonly slope: number;
  /** The seasons of the next steps, in their order; 1 or 0 without one. */
  readonly seasons: readonly number[];
  /** Akaike's criterion, corrected for short series. */
  readonly aicc: number;
}

/** Longest season whose places are parameters of their own. */
const LONGEST_SEASON = 24;

/**
 * The form with the least corrected Akaike criterion, each fitted by maximum likelihood.
 * Seasons of more than 24 steps are left to a decomposition.
 *
 * Source: Hyndman et al. (2008); R `forecast::ets` and statsforecast `AutoETS`.
 */
export const ets: ForecastMethod<Ets> = etsAmong("ets", etsForms);

/** Exponential smoothing without a season, for series of which the seasons were taken away. */
export const etsWithoutSeason: ForecastMethod<Ets> = etsAmong(
  "etsWithoutSeason",
  (positive) => etsForms(positive, false),
);

function etsAmong(
  name: string,
  formsOf: (positive: boolean, seasonal: boolean) => EtsForm[],
): ForecastMethod<Ets> {
  return {
    name,
    fit(y, season) {
      const seasonal = season > 1 && season <= LONGEST_SEASON && y.length >= 2 * season + 2;
      const positive = y.every((value) => value > 0);
      const search = new EtsSearch(y, seasonal ? season : 1);
      let best: Ets | undefined;
      for (const form of formsOf(positive, seasonal)) {
        const model = fitForm(search, form);
        if (model !== undefined && !(model.aicc >= (best?.aicc ?? Infinity))) best = model;
      }
      return best;
    },
    forecast: forecastEts,
  };
}

/** The values of the next steps. */
export function forecastEts(
  { form, phi, level, slope, seasons }: Ets,
  horizon: number,
): Float64Array {
  let damping = 0;
  return Float64Array.from({ length: horizon }, (_, h) => {
    damping += form.trend === "Ad" ? phi ** (h + 1) : 1;
    const base = form.trend === "N" ? level : level + damping * slope;
    const own = seasons[h % seasons.length];
    return form.season === "M" ? base * own : form.season === "A" ? base + own : base;
  });
}

/** Fits one form; undefined if the series is too short for its parameters. */
export function fitEts(y: Float64Array, form: EtsForm, season: number): Ets | undefined {
  return fitForm(new EtsSearch(y, season), form);
}

function fitForm(search: EtsSearch, form: EtsForm): Ets | undefined {
  const found = search.likeliest(form);
  if (found === undefined) return undefined;
  const { n, parameters, value, seasons, level, slope, start: { alpha, beta, gamma, phi } } = found;
  const k = parameters + 1;
  const aicc = n - k - 1 > 0 ? value + 2 * k + 2 * k * (k + 1) / (n - k - 1) : Infinity;
  return { method: "ets", form, alpha, beta, gamma, phi, level, slope, seasons, aicc };
}
