/** What is asked of a forecast, and what it says, as the flat values that all models share. */

import type { ForecastQuery, SeriesForecast } from "../../src/series/mod.ts";
import { monthText } from "../../src/series/mod.ts";

/** A question as a record's values: whose, of what, how many months, from when, what came. */
export function queryValues(
  { entity, category, horizon, from = NaN, history = [] }: ForecastQuery,
): (number | string)[] {
  return [
    ...[entity, category, horizon, from],
    ...history.flatMap(({ month, amount }) => [month, amount]),
  ];
}

/** The question again. */
export function queryOf(values: readonly (number | string)[]): ForecastQuery {
  const [entity, category, horizon, from, ...sent] = values;
  return {
    ...{ entity: String(entity), category: String(category), horizon: Number(horizon) },
    ...!Number.isNaN(from) && { from: Number(from) },
    history: Array.from({ length: sent.length / 2 }, (_, i) => ({
      month: Number(sent[2 * i]),
      amount: Number(sent[2 * i + 1]),
    })),
  };
}

/**
 * A forecast as scores: month by month what is expected, then the trend and the season, then both
 * ends of each interval, NaN where there is none; then the sum of the year before and the first
 * month, in months since year 0.
 */
export function forecastScores(
  { mean, components, bands, yearBefore }: SeriesForecast,
  levels: readonly number[],
  first: number,
): number[] {
  const none = mean.map(() => NaN);
  return [
    ...[...mean, ...components.trend, ...components.season],
    ...levels.flatMap((level) => {
      const band = bands.find((one) => one.level === level);
      return [...band?.lower ?? none, ...band?.upper ?? none];
    }),
    ...[yearBefore, first],
  ];
}

/** The forecast again. */
export function forecastOfScores(
  scores: readonly number[],
  levels: readonly number[],
): SeriesForecast {
  const horizon = (scores.length - 2) / (3 + 2 * levels.length);
  const part = (at: number) => scores.slice(at * horizon, (at + 1) * horizon);
  const [yearBefore, first] = scores.slice(-2);
  const [mean, trend, season] = [part(0), part(1), part(2)];
  const bands = levels.map((level, at) => (
    { level, lower: part(3 + 2 * at), upper: part(4 + 2 * at) }
  ));
  return {
    ...{ mean, components: { trend, season }, yearBefore },
    bands: bands.filter(({ lower }) => Number.isFinite(lower[0])),
    months: mean.map((_, h) => monthText(first + h)),
  };
}
