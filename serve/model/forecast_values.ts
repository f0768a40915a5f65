/** What is asked of a forecast, and what it says, as the flat values that all models share. */

import type { ForecastQuery, SeriesForecast } from "../../src/series/mod.ts";
import { monthText } from "../../src/series/mod.ts";

/** A question as a record's values: whose, of what, how many months, from when, what came. */
export function queryValues(
  { entity, category, horizon, from = NaN, history = [] }: ForecastQuery,
): (number | string)[] {
  return [
    ...[entity, category, horizon, from],
    ...history.flatMap((sent) => [sent.month, sent.amount, sent.category ?? category]),
  ];
}

/** The question again. */
export function queryOf(values: readonly (number | string)[]): ForecastQuery {
  const [entity, category, horizon, from, ...sent] = values;
  return {
    ...{ entity: String(entity), category: String(category), horizon: Number(horizon) },
    ...!Number.isNaN(from) && { from: Number(from) },
    history: Array.from({ length: sent.length / 3 }, (_, i) => ({
      month: Number(sent[3 * i]),
      amount: Number(sent[3 * i + 1]),
      category: String(sent[3 * i + 2]),
    })),
  };
}

/**
 * A forecast as scores: month by month what is expected, then the trend and the season, then both
 * ends of each interval, NaN where there is none; then the sum of the year before, the months that
 * were skipped, the scale, and the first month, in months since year 0.
 */
export function forecastScores(
  { mean, components, bands, yearBefore, skipped, scale }: SeriesForecast,
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
    ...[yearBefore, skipped, scale, first],
  ];
}

/** The forecast again. */
export function forecastOfScores(
  scores: readonly number[],
  levels: readonly number[],
): SeriesForecast {
  const horizon = (scores.length - 4) / (3 + 2 * levels.length);
  const part = (at: number) => scores.slice(at * horizon, (at + 1) * horizon);
  const [yearBefore, skipped, scale, first] = scores.slice(-4);
  const [mean, trend, season] = [part(0), part(1), part(2)];
  const bands = levels.map((level, at) => (
    { level, lower: part(3 + 2 * at), upper: part(4 + 2 * at) }
  ));
  return {
    ...{ mean, components: { trend, season }, yearBefore, skipped, scale },
    bands: bands.filter(({ lower }) => Number.isFinite(lower[0])),
    months: mean.map((_, h) => monthText(first + h)),
  };
}
