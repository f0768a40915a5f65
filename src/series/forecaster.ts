/** Asks a file of forecasts: what comes next for an entity, how sure that is, and what it is made of. */

import { DataError } from "../base/mod.ts";
import {
  automaticInterval,
  type AutomaticModel,
  forecastAutomatic,
  mstl,
  refitAutomatic,
} from "../forecast/mod.ts";
import type { ForecastFile, ForecastSeries } from "./forecast_file.ts";
import { monthNumber, monthText } from "./month.ts";
import { evenSeries, seriesName } from "./series_history.ts";

/** A month that is sent along. */
export interface SentMonth {
  /** Months since year 0. */
  readonly month: number;
  /** What it came to. */
  readonly amount: number;
}

/** What is asked. */
export interface ForecastQuery {
  /** Whose series. */
  readonly entity: string;
  /** Its category; "" for the total. */
  readonly category: string;
  /** Months that are answered, 1 or more. */
  readonly horizon: number;
  /** The first month that is answered, in months since year 0; the one after the last known. */
  readonly from?: number;
  /** Months that go before those that are stored, in any order. */
  readonly history?: readonly SentMonth[];
}

/** An interval around each month. */
export interface SeriesBand {
  /** Share of true values that it is to hold. */
  readonly level: number;
  /** Lower ends. */
  readonly lower: readonly number[];
  /** Upper ends. */
  readonly upper: readonly number[];
}

/** What comes next. */
export interface SeriesForecast {
  /** The months, `YYYY-MM`. */
  readonly months: readonly string[];
  /** What each is expected to come to. */
  readonly mean: readonly number[];
  /** Rising by level; none where the past is too short to tell. */
  readonly bands: readonly SeriesBand[];
  /** What each month owes to the season, and all else: both add up to the mean. */
  readonly components: { readonly trend: readonly number[]; readonly season: readonly number[] };
  /** Sum of the twelve months before the first; NaN if fewer are known. */
  readonly yearBefore: number;
}

/** Steps ahead that anybody may ask for. */
export const MOST_MONTHS_AHEAD = 60;

/** A series as far as it is known now. */
interface Known {
  readonly first: number;
  readonly values: Float64Array;
  readonly model: AutomaticModel;
}

/** Answers from a file of forecasts. */
export class Forecaster {
  readonly #series: ReadonlyMap<string, ForecastSeries>;
  readonly #categories: ReadonlyMap<string, readonly string[]>;

  /** Takes what {@linkcode decodeForecasts} read. */
  constructor(
    /** What it answers from. */
    readonly file: ForecastFile,
  ) {
    this.#series = new Map(file.series.map((own) => [keyOf(own.entity, own.category), own]));
    const categories = new Map<string, string[]>();
    for (const { entity, category } of file.series) {
      const own = categories.get(entity) ?? [];
      if (category !== "") own.push(category);
      categories.set(entity, own);
    }
    this.#categories = categories;
  }

  /** The categories that are known of an entity; undefined if it was never seen. */
  categoriesOf(entity: string): readonly string[] | undefined {
    return this.#categories.get(entity);
  }

  /** The last known month of a series, in months since year 0; undefined if it was never seen. */
  lastOf(entity: string, category: string): number | undefined {
    const found = this.#series.get(keyOf(entity, category));
    return found && monthNumber(found.first)! + found.values.length - 1;
  }

  /**
   * What comes next.
   *
   * @throws {DataError} if nothing is known of the series, months between those that are sent and
   * those that are stored are missing, or the first month is known already or too far ahead.
   */
  ask(query: ForecastQuery): SeriesForecast {
    const { values, model, start, skip, all, bands } = this.#ahead(query);
    const seasonal = seasonOf(values, all, Math.round(model.seasons[0]));
    const mean = Array.from(all).slice(skip);
    const before = [...values, ...all].slice(0, values.length + skip);
    return {
      ...{ mean, bands, months: mean.map((_, h) => monthText(start + h)) },
      components: {
        season: Array.from(seasonal).slice(skip),
        trend: mean.map((value, h) => value - seasonal[skip + h]),
      },
      yearBefore: before.length < 12
        ? NaN
        : before.slice(-12).reduce((sum, value) => sum + value, 0),
    };
  }

  /**
   * What one month is expected to come to, without components.
   *
   * @throws {DataError} as {@linkcode Forecaster.ask}.
   */
  monthAt(
    entity: string,
    category: string,
    month: number,
  ): { readonly mean: number; readonly bands: readonly SeriesBand[] } {
    const { all, skip, bands } = this.#ahead({ entity, category, from: month, horizon: 1 });
    return { mean: all[skip], bands };
  }

  /** All months up to the last that is asked for; of intervals those that are asked for alone. */
  #ahead({ entity, category, horizon, from, history = [] }: ForecastQuery) {
    const name = seriesName(entity, category);
    const { first, values, model } = this.#known(entity, category, history);
    const next = first + values.length;
    const start = from ?? next;
    if (start < next) {
      throw new DataError(`Cannot forecast ${monthText(start)} of ${name}: it is known already`, {
        next: `ask from ${monthText(next)} on`,
      });
    }
    const skip = start - next;
    const ahead = skip + horizon;
    if (ahead > MOST_MONTHS_AHEAD) {
      throw new DataError(
        `Cannot forecast ${name} ${ahead} months ahead: wanted at most ${MOST_MONTHS_AHEAD}`,
        { next: `its last known month is ${monthText(next - 1)}: send later ones as history` },
      );
    }
    const least = values.every((value) => value >= 0) ? 0 : -Infinity;
    const atLeast = (value: number) => Math.max(least, value);
    const said = forecastAutomatic(model, ahead);
    const cut = (own: Float64Array) => Array.from(own, atLeast).slice(skip);
    const bands = this.file.levels.flatMap((level): SeriesBand[] => {
      const interval = automaticInterval(model, said, level);
      if (interval === undefined) return [];
      return [{ level, lower: cut(interval.lower), upper: cut(interval.upper) }];
    });
    return { values, model, start, skip, bands, all: said.map(atLeast) };
  }

  /** The series with the months that are sent along in the place of the stored ones. */
  #known(entity: string, category: string, history: readonly SentMonth[]): Known {
    const stored = this.#series.get(keyOf(entity, category));
    const from = stored && monthNumber(stored.first)!;
    const same = stored !== undefined &&
      history.every(({ month, amount }) => stored.values[month - from!] === amount);
    if (same) {
      return { first: from!, values: Float64Array.from(stored.values), model: stored.model };
    }
    const name = seriesName(entity, category);
    if (stored === undefined && history.length === 0) {
      throw new DataError(`Cannot forecast ${name}: it was never seen`, {
        next: "send its months as history",
      });
    }
    const months = new Map(stored?.values.map((value, at) => [from! + at, value]));
    for (const { month, amount } of history) months.set(month, amount);
    const even = evenSeries(months);
    if (typeof even === "string") {
      throw new DataError(`Cannot forecast ${name}: ${even}`, {
        next: "send the months between as history",
      });
    }
    const values = Float64Array.from(even.values);
    const model = refitAutomatic(stored?.model ?? this.file.usual, values);
    return { first: monthNumber(even.first)!, values, model };
  }
}

/** What the season adds to each month to come, by a decomposition of what was and will be. */
function seasonOf(values: Float64Array, said: Float64Array, season: number): Float64Array {
  const joined = Float64Array.of(...values, ...said);
  if (season < 2 || values.length <= 2 * season) return new Float64Array(said.length);
  return mstl(joined, [season]).seasonal[0].subarray(values.length);
}

const keyOf = (entity: string, category: string) => `${entity}\n${category}`;
