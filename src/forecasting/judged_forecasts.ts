/** What the rolling origins of all series say together. */

import { type ConformalErrors, conformalErrors, evenlyThinned } from "../forecast/mod.ts";
import { forecastErrors, seriesName } from "../series/mod.ts";
import type { JudgedSeries } from "./judge_series.ts";

/** How good forecasts were: in all, by months ahead, by origin and by series. */
export interface JudgedForecasts {
  /** The series. */
  readonly series: readonly JudgedSeries[];
  /** Metrics over all months, `mae` and `mase_naive` among them. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics one month ahead, two, and so on. */
  readonly byHorizon: readonly Readonly<Record<string, number>>[];
  /** Metrics of the first origin, the second, and so on; the last is the latest. */
  readonly byOrigin: readonly Readonly<Record<string, number>>[];
  /** Metrics of each series by its name. */
  readonly bySeries: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Sums judged series up. */
export function judgedForecasts(
  series: readonly JudgedSeries[],
  horizon: number,
): JudgedForecasts {
  const all = series.flatMap(({ origins }) => origins);
  const months = all.flatMap((origin) => origin.months);
  const errors = months.map(({ came, said }) => Math.abs(came - said));
  const naive = all.flatMap((origin) =>
    origin.months.map(({ came, scale }, h) => Math.abs(came - origin.naive[h]) / scale)
  );
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const most = Math.max(0, ...series.map(({ origins }) => origins.length));
  return {
    series,
    metrics: {
      ...forecastErrors(months),
      ...months.length > 0 && { mae: mean(errors), mase_naive: mean(naive) },
    },
    byHorizon: Array.from(
      { length: all.length === 0 ? 0 : horizon },
      (_, h) => forecastErrors(all.map((origin) => origin.months[h])),
    ),
    // From the end, as short series have fewer.
    byOrigin: Array.from({ length: most }, (_, at) =>
      forecastErrors(
        series.flatMap(({ origins }) => origins.at(at - most)?.months ?? []),
      )),
    bySeries: Object.fromEntries(
      series.filter(({ origins }) => origins.length > 0).map(({ entity, category, origins }) => [
        seriesName(entity, category),
        forecastErrors(origins.flatMap(({ months }) => months)),
      ]),
    ),
  };
}

/** The relative errors of all series, by which intervals of a series without a past are drawn. */
export function pooledErrors(series: readonly JudgedSeries[]): ConformalErrors | undefined {
  const origins = series.flatMap(({ origins }) => origins)
    .filter(({ months }) => months.every(({ said }) => said > 0));
  if (origins.length === 0) return undefined;
  const of = (name: "said" | "came") =>
    origins.map(({ months }) => Float64Array.from(months, (month) => month[name]));
  const errors = conformalErrors({ said: of("said"), came: of("came") }, true);
  return { ...errors, ratios: evenlyThinned(errors.ratios) };
}
