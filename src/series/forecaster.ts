/** Asks a file of forecasts: what comes next for an entity, how sure that is, and what it is made of. */

import { DataError } from "../base/mod.ts";
import {
  agreeing,
  automaticInterval,
  type AutomaticModel,
  forecastAutomatic,
  mstl,
  refitAutomatic,
} from "../forecast/mod.ts";
import { naiveScale } from "./forecast_errors.ts";
import type { ForecastFile, ForecastSeries } from "./forecast_file.ts";
import { monthNumber, monthText } from "./month.ts";
import { entitySeries, FEWEST_MONTHS, type SeriesHistory, seriesName } from "./series_history.ts";

/** A month that is sent along, or kept elsewhere. */
export interface SentMonth {
  /** Months since year 0. */
  readonly month: number;
  /** What it came to. */
  readonly amount: number;
  /** Its category, "" for the total; the one that is asked for if it is left out. */
  readonly category?: string;
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
  /** Months that go before those that are stored, in any order; later ones before earlier ones. */
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
  /** Rising by level; none where the past does not tell. */
  readonly bands: readonly SeriesBand[];
  /** What each month owes to the season, and all else: both add up to the mean. */
  readonly components: { readonly trend: readonly number[]; readonly season: readonly number[] };
  /** Sum of the twelve months before the first; NaN if fewer are known. */
  readonly yearBefore: number;
  /** Months between the last known one and the first that is answered, 0 or more. */
  readonly skipped: number;
  /** Mean absolute error of saying the season before again, within what is known; above 0. */
  readonly scale: number;
}

/** Steps ahead that anybody may ask for. */
export const MOST_MONTHS_AHEAD = 60;

/** Series that are kept fitted to later months, so that fitting is not on each request's way. */
const MOST_REFITS = 1000;

/** A series as far as it is known now. */
interface Known {
  readonly category: string;
  /** Its first month, in months since year 0. */
  readonly first: number;
  readonly values: readonly number[];
  /** What was fitted to other values is fitted anew when it is asked. */
  readonly model: () => AutomaticModel;
}

/** Answers from a file of forecasts. */
export class Forecaster {
  /** The series of each entity, the total first. */
  readonly #entities: ReadonlyMap<string, readonly ForecastSeries[]>;
  /** Series with later months than the training's, those that were asked for last. */
  readonly #refits = new Map<
    string,
    { readonly values: readonly number[]; readonly model: AutomaticModel }
  >();

  /** Takes what {@linkcode decodeForecasts} read. */
  constructor(
    /** What it answers from. */
    readonly file: ForecastFile,
  ) {
    this.#entities = Map.groupBy(file.series, ({ entity }) => entity);
  }

  /** The categories that are known of an entity; undefined if it was never seen. */
  categoriesOf(entity: string): readonly string[] | undefined {
    return this.#entities.get(entity)?.map(({ category }) => category)
      .filter((category) => category !== "");
  }

  /**
   * The last known month of a series, in months since year 0; undefined if it was never seen.
   *
   * @param history Months that go before those that are stored.
   * @throws {DataError} if these are too few, or leave too many out.
   */
  lastOf(
    entity: string,
    category: string,
    history: readonly SentMonth[] = [],
  ): number | undefined {
    const known = this.#known(entity, category, history).get(category);
    return known && endOf(known) - 1;
  }

  /**
   * What comes next. A total is the sum of what is said of the categories, unless months of the
   * total itself are sent along, which the categories know nothing of.
   *
   * @throws {DataError} if nothing is known of the series, months between those that are sent and
   * those that are stored are missing, or the first month is known already or too far ahead.
   */
  ask(query: ForecastQuery): SeriesForecast {
    const { values, season, start, skip, all, bands } = this.#ahead(query);
    const seasonal = seasonOf(values, all, season);
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
      skipped: skip,
      scale: naiveScale(values, season),
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
  ): { readonly mean: number } & Pick<SeriesForecast, "bands" | "skipped" | "scale"> {
    const { all, skip: skipped, bands, values, season } = this.#ahead({
      ...{ entity, category, from: month, horizon: 1 },
    });
    return { mean: all[skipped], bands, skipped, scale: naiveScale(values, season) };
  }

  /** All months up to the last that is asked for; of intervals those that are asked for alone. */
  #ahead({ entity, category, horizon, from, history = [] }: ForecastQuery) {
    const name = seriesName(entity, category);
    const known = this.#known(entity, category, history);
    const own = known.get(category);
    if (own === undefined) {
      throw new DataError(`Cannot forecast ${name}: it was never seen`, {
        next: "send its months as history",
      });
    }
    const next = endOf(own);
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
    const all = this.#agreed(own, known, next, ahead);
    const model = own.model();
    const cut = (ends: Float64Array) => Array.from(ends, notBelow(own)).slice(skip);
    const bands = this.file.levels.flatMap((level): SeriesBand[] => {
      const interval = automaticInterval(model, all, level);
      if (interval === undefined) return [];
      return [{ level, lower: cut(interval.lower), upper: cut(interval.upper) }];
    });
    const season = Math.round(model.seasons[0]);
    return { values: own.values, season, start, skip, bands, all };
  }

  /** What a series says from `next` on, so that the total is the sum of its categories. */
  #agreed(
    own: Known,
    known: ReadonlyMap<string, Known>,
    next: number,
    ahead: number,
  ): Float64Array {
    const { reconciliation } = this.file;
    const { category } = own;
    const parts = [...known.values()].filter((one) => one.category !== "");
    const total = known.get("");
    const alone = parts.length === 0 || total === undefined ||
      category !== "" && reconciliation === "bottomUp";
    if (alone) return saidFrom(own, next, ahead).map(notBelow(own));
    const said = parts.map((part) => saidFrom(part, next, ahead));
    if (reconciliation === "weighted") {
      const sum = saidFrom(total, next, ahead);
      const nodes = [total, ...parts];
      const parents = nodes.map((_, k) => k === 0 ? -1 : 0);
      const errors = nodes.map((node) => node.model().error);
      for (let h = 0; h < ahead; h++) {
        const sure = nodes.map((node, k) => next + h < endOf(node) ? 0 : errors[k]);
        const step = agreeing(
          parents,
          [sum[h], ...said.map((one) => one[h])],
          sure,
          reconciliation,
        );
        said.forEach((one, k) => one[h] = step[k + 1]);
      }
    }
    const least = parts.map(notBelow);
    const agreed = said.map((one, k) => one.map(least[k]));
    if (category !== "") return agreed[parts.indexOf(own)];
    return Float64Array.from(
      { length: ahead },
      (_, h) => agreed.reduce((sum, one) => sum + one[h], 0),
    );
  }

  /**
   * The series of an entity by category, the total under "", with the months that are sent along in
   * the place of the stored ones; those that nothing was sent of are as they were.
   */
  #known(
    entity: string,
    category: string,
    history: readonly SentMonth[],
  ): ReadonlyMap<string, Known> {
    const stored = this.#entities.get(entity) ?? [];
    const find = (what: string) => stored.find((one) => one.category === what);
    const news = history.filter((sent) => {
      const own = find(sent.category ?? category);
      return own?.values[sent.month - monthNumber(own.first)!] !== sent.amount;
    });
    const plain = (own: ForecastSeries): Known => ({
      ...{ category: own.category, first: monthNumber(own.first)!, values: own.values },
      model: () => own.model,
    });
    if (news.length === 0) return new Map(stored.map((own) => [own.category, plain(own)]));
    const months = new Map<string, Map<number, number>>();
    for (const { category, first, values } of stored) {
      const begin = monthNumber(first)!;
      months.set(category, new Map(values.map((value, at) => [begin + at, value])));
    }
    for (const { category: what = category, month, amount } of news) {
      months.set(what, (months.get(what) ?? new Map()).set(month, amount));
    }
    // Of a total that is sent itself nobody knows what its categories came to.
    const total = news.some((sent) => (sent.category ?? category) === "");
    const told = total
      ? new Map([["", months.get("")!]])
      : new Map([...months].filter(([what]) => what !== "" || months.size === 1));
    const { series, short } = entitySeries(entity, told, { ends: false });
    if (!series.some((own) => own.category === category)) {
      const few = told.get(category);
      if (few === undefined) return new Map(stored.map((own) => [own.category, plain(own)]));
      const name = seriesName(entity, category);
      throw new DataError(`Cannot forecast ${name}: ${short.get(category)}`, {
        next: few.size < FEWEST_MONTHS
          ? `send ${FEWEST_MONTHS} months or more as history`
          : "send the months between as history",
      });
    }
    return new Map(series.map((own) => {
      const before = find(own.category);
      const { first, values } = own;
      if (before?.first === first && isSame(before.values, values)) {
        return [own.category, plain(before)];
      }
      const model = once(() => this.#refitted(own, before));
      return [own.category, { category: own.category, first: monthNumber(first)!, values, model }];
    }));
  }

  /** A series with later months, fitted anew; what was fitted to the same lately is kept. */
  #refitted({ entity, category, values }: SeriesHistory, before?: ForecastSeries): AutomaticModel {
    const key = `${entity}\n${category}`;
    const kept = this.#refits.get(key);
    const model = kept !== undefined && isSame(kept.values, values)
      ? kept.model
      : refitAutomatic(before?.model ?? this.file.usual, Float64Array.from(values));
    this.#refits.delete(key);
    this.#refits.set(key, { values, model });
    if (this.#refits.size > MOST_REFITS) this.#refits.delete(this.#refits.keys().next().value!);
    return model;
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/** The month after the last known one. */
const endOf = ({ first, values }: Known) => first + values.length;

/** What a series comes to from a month on: as it is known, then as it is forecast. */
function saidFrom(known: Known, from: number, ahead: number): Float64Array {
  const { first, values, model } = known;
  const later = Math.max(0, from + ahead - endOf(known));
  const said = later === 0 ? new Float64Array() : forecastAutomatic(model(), later);
  return Float64Array.from({ length: ahead }, (_, h) => {
    const at = from + h - first;
    return at < values.length ? values[at] : said[at - values.length];
  });
}

/** Keeps what never was below 0 from being said to be. */
function notBelow({ values }: Known): (value: number) => number {
  const least = values.every((value) => value >= 0) ? 0 : -Infinity;
  return (value) => Math.max(least, value);
}

/** The same work done once. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => (done ??= { value: work() }).value;
}

/** What the season adds to each month to come, by a decomposition of what was and will be. */
function seasonOf(values: readonly number[], said: Float64Array, season: number): Float64Array {
  if (season < 2 || values.length <= 2 * season) return new Float64Array(said.length);
  return mstl(Float64Array.of(...values, ...said), [season]).seasonal[0].subarray(values.length);
}
