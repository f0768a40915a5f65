/** The steps of a training of forecasts, each a declaration of its own that closes over nothing. */

import { DataError, type WorkerPool } from "../base/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import {
  FEWEST_MONTHS,
  levelName,
  type MonthlyTable,
  monthlyTable,
  monthNumber,
  monthText,
  type SeriesHistory,
  seriesName,
  seriesOf,
  type SeriesSpec,
} from "../series/mod.ts";
import { type CoherentFits, fitCoherently, type FitSetting, SEASON } from "./coherent_fits.ts";
import { exportForecasts, type ForecastExport, type ForecastFindings } from "./export_forecasts.ts";
import { type JudgedForecasts, judgedForecasts } from "./judged_forecasts.ts";
import { judgeSeries, type JudgeSetting } from "./judge_series.ts";
import { methodCounts } from "./method_counts.ts";
import {
  closing,
  type GateReport,
  holdToGates,
  type MetricGate,
  savedFiles,
  type TrainingData,
  type TrainingRun,
} from "../training/mod.ts";

/** Notices that are told one by one. */
const TOLD = 5;

/** Adds events up, month by month; refuses what cannot be read. */
export const monthsStep = stepFunction(
  import.meta.url,
  "monthsStep",
  (
    { spec }: { spec: SeriesSpec },
    { source }: { source: TrainingData },
    { warn }: StepContext,
  ): MonthlyTable => {
    const monthly = monthlyTable(spec, source.table);
    for (const notice of monthly.notices) warn(notice);
    return monthly;
  },
);

/** Makes series of months. */
export const seriesStep = stepFunction(
  import.meta.url,
  "seriesStep",
  (
    { spec, name }: { spec: SeriesSpec; name: string },
    { monthly, source }: { monthly: MonthlyTable; source: TrainingData },
    { log, warn }: StepContext,
  ): readonly SeriesHistory[] => {
    const { series, notices } = seriesOf(spec, monthly.table);
    for (const notice of notices.slice(0, TOLD)) warn(notice);
    if (notices.length > TOLD) warn(`${notices.length - TOLD} more series are such`);
    if (series.length === 0) {
      const why = notices.at(-1) ?? "it has no month that is over";
      throw new DataError(`Cannot forecast ${source.path}: there is no series; ${why}`, {
        next: `give ${FEWEST_MONTHS} months or more in a row`,
      });
    }
    const short = series.filter(({ values }) => values.length < 2 * SEASON);
    const first = Math.min(...series.map((own) => monthNumber(own.first)!));
    const last = Math.max(
      ...series.map((own) => monthNumber(own.first)! + own.values.length - 1),
    );
    log([
      `Training the ${name} model`,
      `  Data:         ${source.path} (sha256 ${source.digest.slice(0, 12)})`,
      `  Series:       ${series.length}, of ${
        new Set(series.map(({ entity }) => entity)).size
      } ${spec.entity}s, ${monthText(first)} to ${monthText(last)}`,
    ].join("\n"));
    if (short.length > 0) {
      const { entity, category } = short[0];
      warn(
        `${short.length} series are shorter than two seasons, as ${
          seriesName(entity, category)
        }: ` +
          "they have no season, and the shortest no intervals of their own",
      );
    }
    return series;
  },
);

/** Chooses the method of each series by rolling origins, so that totals agree with categories. */
export const chooseMethodsStep = stepFunction(
  import.meta.url,
  "chooseMethodsStep",
  async (
    given: FitSetting,
    { series, pool }: { series: readonly SeriesHistory[]; pool: WorkerPool },
    { progress, signal, log }: StepContext,
  ): Promise<CoherentFits> => {
    const chosen = await fitCoherently(series, given, { pool, signal, onProgress: progress });
    const { models, reconciliation } = chosen;
    log(`Methods: ${methodCounts(models).map(([name, count]) => `${name} ${count}`).join(", ")}`);
    log(
      reconciliation === "bottomUp"
        ? "Totals:  the sums of their categories"
        : "Totals:  weighted with their categories, by how far each is usually off",
    );
    return chosen;
  },
);

/** Judges the whole choice at earlier times. */
export const judgeStep = stepFunction(
  import.meta.url,
  "judgeStep",
  async (
    given: JudgeSetting,
    { series, pool }: { series: readonly SeriesHistory[]; pool: WorkerPool },
    { progress, signal, log, metric }: StepContext,
  ): Promise<JudgedForecasts> => {
    const judged = await judgeSeries(series, given, { pool, signal, onProgress: progress });
    const found = judgedForecasts(judged, given.horizon);
    const { metrics } = found;
    if (metrics.mase === undefined) {
      throw new DataError("Cannot judge the forecasts: all series are too short", {
        next: `give more months, or a shorter horizon than ${given.horizon}`,
      });
    }
    for (const [name, value] of Object.entries(metrics)) metric(`best_${name}`, value);
    log(
      `MASE ${metrics.mase.toFixed(3)} (seasonal naive ${metrics.mase_naive.toFixed(3)}), ` +
        `MAPE ${metrics.mape?.toFixed(1) ?? "–"} %, coverage ` +
        given.levels.map((level) => {
          const share = metrics[`coverage_${levelName(level)}`];
          return `${share?.toFixed(2) ?? "–"} at ${level}`;
        }).join(", "),
    );
    return found;
  },
);

/** Holds the metrics to their gates. */
export const forecastGateStep = stepFunction(
  import.meta.url,
  "forecastGateStep",
  (
    { gates }: { gates: Readonly<Record<string, MetricGate>> },
    { judged: { metrics } }: { judged: JudgedForecasts },
    { warn }: StepContext,
  ): GateReport => {
    const report = holdToGates(gates, metrics, "the rolling origins of all series");
    for (const missed of report.missed) warn(`Gate missed: ${missed}`);
    return report;
  },
);

/** Saves and tracks the model. */
export const exportForecastsStep = stepFunction(
  import.meta.url,
  "exportForecastsStep",
  async (
    given: ForecastExport & { experiment: string; uri: string },
    { tracking, chosen, ...found }: Omit<ForecastFindings, "reconciliation" | "models"> & {
      chosen: CoherentFits;
      tracking: TrainingRun;
    },
    { log, run }: StepContext,
  ) => {
    const findings = { ...found, reconciliation: chosen.reconciliation, models: chosen.models };
    const { experiment, uri } = given;
    const saved = await exportForecasts(findings, given, tracking, run);
    log(closing(saved, findings, tracking, { experiment, uri, startedAt: run.startedAt }));
    return savedFiles(saved);
  },
);
