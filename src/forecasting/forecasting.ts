/** Wires a declared training of forecasts into a pipeline. */

import { UsageError } from "../base/mod.ts";
import type { Builder, Handle, SavedFile } from "../pipeline/mod.ts";
import { historyView, type MonthlyTable, type SeriesHistory } from "../series/mod.ts";
import type { CoherentFits } from "./coherent_fits.ts";
import type { ForecastDeclaration, ForecastParams } from "./declaration.ts";
import { FORECAST_METRIC } from "./export_forecasts.ts";
import * as steps from "./forecast_steps.ts";
import type { JudgedForecasts } from "./judged_forecasts.ts";
import {
  type GateReport,
  loadStep,
  plainData,
  refuseModelName,
  type TrainingData,
  trainingResources,
} from "../training/mod.ts";

/** The outputs of a training's steps, to wire steps of one's own with. */
export interface ForecastHandles {
  /** The raw events. */
  readonly source: Handle<TrainingData>;
  /** What each month came to. */
  readonly monthly: Handle<MonthlyTable>;
  /** The series. */
  readonly series: Handle<readonly SeriesHistory[]>;
  /** The chosen methods, in the order of the series. */
  readonly chosen: Handle<CoherentFits>;
  /** How good the choice was at earlier times. */
  readonly judged: Handle<JudgedForecasts>;
  /** What it was held to, where there are gates. */
  readonly gates?: Handle<GateReport>;
  /** The files that were written. */
  readonly exported: Handle<readonly SavedFile[]>;
}

/** The level that every model of forecasts answers beside its own. */
const WIDE = 0.95;
/** The level that every model is judged by. */
const USUAL = 0.8;

/**
 * Wires a training of forecasts: events are loaded, checked and added up by month, the method of
 * each series is chosen by rolling origins, the whole choice is judged at earlier times, and what
 * forecasts is saved as plain data and tracked. What is given back are the handles of its steps.
 *
 * @throws {UsageError} for a declaration that contradicts itself, before anything runs.
 *
 * @example
 * ```ts
 * import { pipeline } from "../pipeline/mod.ts";
 * import { forecastParams } from "./declaration.ts";
 *
 * pipeline("usage", {
 *   description: "Forecast what each meter will use",
 *   params: forecastParams({}, { data: "data/raw/readings.csv" }),
 * }, (builder) =>
 *   void forecasting(builder, {
 *     name: "usage",
 *     series: { entity: "meter", time: "time", amount: "kwh" },
 *     gates: { mase: { max: 0.9 } },
 *   }));
 * ```
 */
export function forecasting<Params extends ForecastParams>(
  builder: Builder<Params>,
  { name, series: spec, data: { make } = {}, gates: declared, run, history }: ForecastDeclaration<
    Params
  >,
): ForecastHandles {
  const { params } = builder;
  const { models: folder, reports, horizon, origins, folds } = params;
  refuseModelName(name);
  const gates = typeof declared === "function" ? declared(params) : declared;
  checkForecastGates(gates ?? {});
  const levels = [...new Set([params.level, WIDE])].sort((a, b) => a - b);
  const judgedLevels = [...new Set([...levels, USUAL])].sort((a, b) => a - b);

  const { pool, writable, tracking } = trainingResources(builder, FORECAST_METRIC, run);

  const path = builder.file("data", params.data, make && { make });
  const source = builder.step("load", { path }, loadStep({}));
  const monthly = builder.step("validate", { source }, steps.monthsStep({ spec }));
  const series = builder.step(
    "series",
    { monthly, source },
    steps.seriesStep({ spec, name }),
  );
  const fits = { horizon, origins };
  const chosen = builder.step("choose", { series, pool }, steps.chooseMethodsStep(fits));
  const judged = builder.step(
    "evaluate",
    { series, pool },
    steps.judgeStep({ ...fits, folds, levels: judgedLevels }),
  );
  const gate = gates && builder.step(
    "gates",
    { judged },
    steps.forecastGateStep({ gates }),
    { outcome: true },
  );
  const exported = builder.step(
    "export",
    {
      ...{ source, monthly, series, chosen, judged, writable, tracking },
      ...gate && { gates: gate },
    },
    steps.exportForecastsStep({
      ...{ name, spec, horizon, levels, models: folder, reports },
      ...history !== undefined && { view: historyView(name, spec, history) },
      ...{ experiment: params.experiment, uri: params.tracking, params: plainData(params) },
    }),
  );
  return { source, monthly, series, chosen, judged, exported, ...gate && { gates: gate } };
}

const gated = /^(mase|mape|smape|mae|pinball|crps|coverage_\d+(_\d+)?|width_\d+(_\d+)?)$/;

/** Refuses gates on metrics that no forecast has, or that nothing can reach. */
function checkForecastGates(
  gates: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>,
): void {
  for (const [name, { min, max }] of Object.entries(gates)) {
    if (!gated.test(name)) {
      throw new UsageError(`Cannot hold forecasts to the metric "${name}"`, {
        next: "use mase, mape, smape, mae, pinball, crps or a coverage, as coverage_80",
      });
    }
    const bounds = [min, max].filter((bound) => bound !== undefined);
    if (bounds.length > 0 && !bounds.some(Number.isNaN) && !(min! > max!)) continue;
    throw new UsageError(`Cannot hold ${name} to a gate without room`, {
      next: "give min, max or both, as in gates: { mase: { max: 0.9 } }",
    });
  }
}
