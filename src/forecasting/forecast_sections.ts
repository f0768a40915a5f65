/** What the report says of forecasts: how good they were, and what comes next. */

import type { AutomaticModel } from "../forecast/mod.ts";
import {
  bandFigure,
  barFigure,
  type Figure,
  histogramFigure,
  lineFigure,
  type Section,
} from "../report/mod.ts";
import { Forecaster, type ForecastFile, levelName, monthText, seriesName } from "../series/mod.ts";
import type { JudgedForecasts } from "./judged_forecasts.ts";
import { methodCounts } from "./method_counts.ts";

/** Series that have figures of their own. */
const DRAWN = 3;
/** Months before the forecast that are drawn. */
const SHOWN = 36;

/** What a report is written from. */
export interface ForecastReportParts {
  readonly judged: JudgedForecasts;
  readonly models: readonly AutomaticModel[];
  readonly file: ForecastFile;
}

const titles: Readonly<Record<string, string>> = {
  ...{ mase: "MASE", mase_naive: "MASE of the seasonal naive", mae: "Mean absolute error" },
  ...{ mape: "MAPE in percent", smape: "sMAPE in percent", pinball: "Scaled pinball loss" },
  crps: "Scaled CRPS",
};

/** The sections of the report. */
export function forecastSections(parts: ForecastReportParts): Section[] {
  return [
    qualitySection(parts),
    horizonSection(parts),
    methodSection(parts),
    residualSection(parts),
    ...futureSections(parts),
  ];
}

function qualitySection({ judged, file }: ForecastReportParts): Section {
  const { metrics, byOrigin } = judged;
  const levels = Object.keys(metrics).filter((name) => name.startsWith("coverage_"));
  const shown = [...Object.keys(titles), ...levels].filter((name) => metrics[name] !== undefined);
  return {
    title: "How good the forecasts were",
    text: "Everything was done anew by what was known at earlier times, and held to what came. " +
      "Errors are scaled by those of saying the last season again within the series before: below " +
      "1 they are smaller. Intervals are to hold the share that their name says.",
    table: {
      head: ["Metric", "All", ...byOrigin.map((_, at) => `Origin ${at + 1}`)],
      rows: shown.map((name) => [
        titles[name] ?? `Share within the ${name.slice(9).replace("_", ".")} % interval`,
        metrics[name],
        ...byOrigin.map((own) => own[name] ?? NaN),
      ]),
    },
    figures: file.levels.filter((level) => metrics[`coverage_${levelName(level)}`] !== undefined)
      .slice(0, 1).map((level) => bySeriesFigure(judged, `coverage_${levelName(level)}`)),
  };
}

function bySeriesFigure({ bySeries }: JudgedForecasts, coverage: string): Figure {
  const worst = Object.entries(bySeries).sort(([, a], [, b]) => b.mase - a.mase).slice(0, 20);
  return barFigure(
    `MASE of the ${worst.length} series that were furthest off`,
    "MASE",
    worst.map(([name, own]) => ({
      label: own[coverage] === undefined
        ? name
        : `${name} (${Math.round(100 * own[coverage])} % within)`,
      value: own.mase,
    })),
  );
}

function horizonSection({ judged: { byHorizon }, file: { levels } }: ForecastReportParts): Section {
  const ahead = byHorizon.map((_, h) => h + 1);
  const of = (name: string) => byHorizon.map((own) => own[name] ?? NaN);
  const known = levels.filter((level) => of(`coverage_${levelName(level)}`).some(Number.isFinite));
  return {
    title: "By months ahead",
    figures: byHorizon.length < 2 ? [] : [
      lineFigure("MASE by months ahead", { x: "Months ahead", y: "MASE" }, [
        { label: "MASE", x: ahead, y: of("mase") },
      ]),
      ...known.length === 0 ? [] : [
        lineFigure(
          "Share of values within the intervals by months ahead",
          { x: "Months ahead", y: "Share" },
          known.flatMap((level) => [
            { label: `${100 * level} %`, x: ahead, y: of(`coverage_${levelName(level)}`) },
            { label: `wanted ${100 * level} %`, x: ahead, y: ahead.map(() => level) },
          ]),
        ),
      ],
    ],
  };
}

function methodSection({ models, judged: { bySeries }, file }: ForecastReportParts): Section {
  const { series } = file;
  return {
    title: "Chosen methods",
    text: "For each series the method and scale that were nearest at earlier times, or a blend.",
    table: {
      head: ["Series", "Method", "Months", "MASE", "MAPE in percent"],
      rows: series.map(({ entity, category, values, model }) => {
        const name = seriesName(entity, category);
        const own = bySeries[name];
        const methods = model.members.map((one) =>
          model.members.length === 1 ? one.name : `${Math.round(100 * one.weight)} % ${one.name}`
        );
        return [name, methods.join(", "), values.length, own?.mase ?? NaN, own?.mape ?? NaN];
      }),
    },
    figures: [barFigure(
      "Series by method",
      "Series",
      methodCounts(models).map(([label, value]) => ({ label, value })),
    )],
  };
}

function residualSection({ judged: { series } }: ForecastReportParts): Section {
  const origins = series.flatMap(({ origins }) => origins);
  const scaled = origins.flatMap(({ months }) =>
    months.map(({ came, said, scale }) => (came - said) / scale)
  );
  const ahead = (h: number) =>
    origins.map(({ months }) => (months[h].came - months[h].said) / months[h].scale);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const horizon = origins[0]?.months.length ?? 0;
  const steps = Array.from({ length: horizon }, (_, h) => h + 1);
  return {
    title: "Residuals",
    text:
      "What came minus what was said, scaled as MASE is. Where their mean leaves 0, forecasts " +
      "lean to one side.",
    figures: [
      histogramFigure("Scaled residuals", "What came minus what was said", [
        { label: "residuals", values: scaled },
      ]),
      ...horizon < 2 ? [] : [
        lineFigure("Mean residual by months ahead", { x: "Months ahead", y: "Scaled residual" }, [
          { label: "mean", x: steps, y: steps.map((_, h) => mean(ahead(h))) },
          { label: "none", x: steps, y: steps.map(() => 0) },
        ]),
      ],
    ],
  };
}

/** A fan and the components of the largest totals. */
function futureSections({ file }: ForecastReportParts): Section[] {
  const forecaster = new Forecaster(file);
  const size = (values: readonly number[]) =>
    values.slice(-12).reduce((sum, value) => sum + Math.abs(value), 0);
  const totals = file.series.filter(({ category }) => category === "");
  const largest = (totals.length > 0 ? totals : file.series)
    .toSorted((a, b) => size(b.values) - size(a.values)).slice(0, DRAWN);
  return [{
    title: "What comes next",
    text: `The forecasts of the ${largest.length} series with the largest amounts, and what they ` +
      "are made of: the season, and all else.",
    figures: largest.flatMap(({ entity, category }) => fanFigures(forecaster, entity, category)),
  }];
}

/** A fan of what was and will be, and the components of what will be. */
export function fanFigures(
  forecaster: Forecaster,
  entity: string,
  category: string,
): Figure[] {
  const { file } = forecaster;
  const own = file.series.find((one) => one.entity === entity && one.category === category)!;
  const { months, mean, bands, components } = forecaster.ask({
    ...{ entity, category, horizon: file.horizon },
  });
  const past = own.values.slice(-SHOWN);
  const last = forecaster.lastOf(entity, category)!;
  const before = past.map((_, i) => monthText(last - past.length + 1 + i));
  const name = seriesName(entity, category);
  const x = [...before, ...months];
  const band = bands[0];
  const ends = (side: "lower" | "upper", of: typeof band) => [...past, ...of[side]];
  const gap = past.map(() => NaN);
  return [
    ...bands.map((one) =>
      bandFigure(`${name}: what was and what comes, ${100 * one.level} % interval`, name, {
        x,
        y: [...past, ...mean],
        around: { low: ends("lower", one), high: ends("upper", one) },
        beside: { label: "forecast", y: [...gap, ...mean] },
      })
    ),
    ...band === undefined
      ? [bandFigure(`${name}: what was and what comes`, name, { x, y: [...past, ...mean] })]
      : [],
    lineFigure(
      `${name}: components`,
      { x: "Months ahead", y: "Amount" },
      (["trend", "season"] as const).map((label) => ({
        label,
        x: mean.map((_, h) => h + 1),
        y: components[label],
      })),
    ),
  ];
}
