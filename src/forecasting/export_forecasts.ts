/** From chosen methods to files that others can use: checked, saved and tracked. */

import { join } from "@std/path";
import { ModelError, sha256, writeFileAtomic } from "../base/mod.ts";
import { numericStatistics } from "../drift/mod.ts";
import type { FeatureView } from "../feature_store/mod.ts";
import { clean, type CleanData, fit, inputSchema } from "../features/mod.ts";
import type { AutomaticModel, Reconciliation } from "../forecast/mod.ts";
import { metricNames, metricOf } from "../metrics/mod.ts";
import type { RunInfo } from "../pipeline/mod.ts";
import {
  type InputColumn,
  metadataFileName,
  type ModelMetadata,
  referenceStatistics,
  saveBundle,
  timestampName,
} from "../registry/mod.ts";
import {
  decodeForecasts,
  encodeForecasts,
  Forecaster,
  type ForecastFile,
  monthColumn,
  type MonthlyTable,
  monthNumber,
  monthText,
  predictMonths,
  type SeriesHistory,
  type SeriesSpec,
} from "../series/mod.ts";
import type { TrackedColumn } from "../tracking/mod.ts";
import { seriesFeatures } from "./declaration.ts";
import { forecastReport } from "./forecast_report.ts";
import { type JudgedForecasts, pooledErrors } from "./judged_forecasts.ts";
import { methodCounts } from "./method_counts.ts";
import {
  type GateReport,
  gitCommit,
  modelName,
  packageVersions,
  type Saved,
  type TrainingData,
  type TrainingRun,
} from "../training/mod.ts";

/** What a training of forecasts found. */
export interface ForecastFindings {
  readonly source: TrainingData;
  readonly monthly: MonthlyTable;
  readonly series: readonly SeriesHistory[];
  /** How totals and categories are made to agree. */
  readonly reconciliation: Reconciliation;
  /** The methods of the series, in their order. */
  readonly models: readonly AutomaticModel[];
  readonly judged: JudgedForecasts;
  readonly gates?: GateReport;
}

/** How a model is exported. */
export interface ForecastExport {
  /** Name of the model. */
  readonly name: string;
  readonly spec: SeriesSpec;
  readonly horizon: number;
  /** Levels of intervals, rising. */
  readonly levels: readonly number[];
  /** The view that servers go on from. */
  readonly view?: FeatureView;
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the reports. */
  readonly reports: string;
  /** Parameters of the run. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Rows that whoever promotes the model asks its file about. */
const PROBE_ROWS = 24;

/** The metric that models are compared by: errors of both in the same unit. */
export const FORECAST_METRIC = "mae";

/**
 * Saves and tracks the model. It is saved before it is tracked, so that a tracking server's failure
 * costs no model. A model that missed a gate is tracked alone.
 *
 * @throws {ModelError} if what was saved does not forecast as what was fitted.
 */
export async function exportForecasts(
  findings: ForecastFindings,
  given: ForecastExport,
  tracking: TrainingRun,
  run: RunInfo,
): Promise<Saved> {
  await tracking.begin();
  const { gates } = findings;
  const { models, reports } = given;
  const file = forecastFile(findings, given);
  const bytes = checkedBytes(file);
  const moment = new Date();
  const commit = await gitCommit();
  const about = { moment, commit, runId: tracking.parent.id, pipeline: run.pipeline };
  const describe = (version: string, digest: string) =>
    forecastMetadata(findings, given, file, { ...about, version, digest });
  const reached = gates === undefined || gates.missed.length === 0;
  const publish = reached && tracking.sweep === undefined;
  const bundle = reached ? await saveBundle(models, bytes, moment, describe, publish) : undefined;
  if (bundle !== undefined) tracking.sweep?.made(run.id, bundle);
  const metadata = bundle?.metadata ?? describe(timestampName(moment), sha256(bytes));
  const { html, sections } = await forecastReport({ ...findings, file }, metadata.version);
  const reportPath = join(reports, `${run.pipeline}_${metadata.version}.html`);
  await writeFileAtomic(reportPath, html);

  const { parent } = tracking;
  await logFindings(findings, given, tracking);
  await parent.logModel({
    name: modelName,
    file: bundle?.modelPath ?? bytes,
    holds: "forecast",
    inputs: metadata.input_schema.map(({ name }) => ({ name, type: "string" })),
    outputs: outputs(given.levels),
    metadata: { model_name: metadata.model_name, version: metadata.version },
    files: { [metadataFileName]: JSON.stringify(metadata, null, 2) },
  });
  const encoder = new TextEncoder();
  for (const section of sections) {
    const path = `model_card/${section.title.toLowerCase().replaceAll(" ", "_")}.json`;
    await parent.logArtifact(path, encoder.encode(JSON.stringify(section, null, 2)));
  }
  await parent.logArtifact(`report/${run.pipeline}.html`, encoder.encode(html));
  return {
    ...bundle && { bundle },
    published: publish && bundle?.held === undefined,
    ...publish && bundle?.held !== undefined && { held: bundle.held },
    reportPath,
  };
}

function outputs(levels: readonly number[]): TrackedColumn[] {
  return [
    { name: "prediction", type: "double" },
    ...levels.flatMap((level) =>
      ["lower", "upper"].map((side): TrackedColumn => (
        { name: `${side}_${100 * level}`, type: "double" }
      ))
    ),
  ];
}

/** All that is needed to forecast, as plain data. */
function forecastFile(
  { series, reconciliation, models, judged }: ForecastFindings,
  { spec, horizon, levels }: ForecastExport,
): ForecastFile {
  const single = models.filter(({ members }) => members.length === 1);
  const usual = methodCounts(single)[0]?.[0];
  const template = single.find(({ members: [{ name }] }) => name === usual) ?? models[0];
  const { past: _, ...rest } = template;
  const pooled = pooledErrors(judged.series);
  return {
    ...{ spec, horizon, levels, reconciliation },
    series: series.map(({ filled: _, ...own }, at) => ({ ...own, model: models[at] })),
    usual: { ...rest, ...pooled && { past: pooled } },
  };
}

/** The file's bytes, read back and held to what was fitted. */
function checkedBytes(file: ForecastFile): Uint8Array<ArrayBuffer> {
  const bytes = encodeForecasts(file);
  const [fitted, read] = [new Forecaster(file), new Forecaster(decodeForecasts(bytes))];
  for (const { entity, category } of file.series) {
    const query = { entity, category, horizon: file.horizon };
    const [own, other] = [fitted.ask(query), read.ask(query)];
    if (own.mean.every((value, h) => value === other.mean[h])) continue;
    throw new ModelError(
      `Refuse to export the model: the series ${entity} ${category} goes on as ` +
        `${own.mean[0]} when fitted and as ${other.mean[0]} when read back`,
      { next: "report this with the training command: a method is no plain data" },
    );
  }
  return bytes;
}

function forecastMetadata(
  { source, monthly, models, judged, gates }: ForecastFindings,
  { name, spec, horizon, levels, view, params }: ForecastExport,
  file: ForecastFile,
  { moment, commit, runId, pipeline, version, digest }: {
    readonly moment: Date;
    readonly commit: string | null;
    readonly runId: string;
    readonly pipeline: string;
    readonly version: string;
    readonly digest: string;
  },
): ModelMetadata {
  // A table of totals alone has no categories to learn.
  const { category } = spec;
  const named = category !== undefined && monthly.table.columns[category].some(Boolean);
  const set = seriesFeatures(named ? spec : { ...spec, category: undefined });
  const data = clean(set, monthly.table, { target: "required" });
  const state = fit(set, data);
  const { [monthColumn]: _, ...statistics } = referenceStatistics(set, data);
  return {
    ...{ model_name: name, name, version, timestamp: moment.toISOString() },
    ...{ model_digest: digest, model_file: "forecast", metrics: judged.metrics },
    feature_columns: [],
    task: { kind: "forecast", column: spec.amount, step: "month", horizon, levels },
    class_labels: [],
    input_schema: inputSchema(state).map((column) => withoutEntities(column, spec)),
    declared_features: set,
    feature_state: state,
    candidate: { methods: Object.fromEntries(methodCounts(models)) },
    pipeline: { name: pipeline, params },
    series: spec,
    ...view !== undefined && { feature_views: [view] },
    data_digest: source.digest,
    run_id: runId,
    git_commit: commit,
    package_versions: packageVersions(),
    // Months to come are none of those that were.
    reference_statistics: statistics,
    reference_performance: reference(judged),
    acceptance: {
      metric: FORECAST_METRIC,
      ...gates && {
        basis: gates.basis,
        gates: gates.gates.map(({ metric, value, min, max }) => ({
          ...{ metric, value },
          ...min !== undefined && { min },
          ...max !== undefined && { max },
        })),
      },
      probe: probe(file, data),
    },
  };
}

/** Who is known is nobody's business who asks what the model takes. */
function withoutEntities(column: InputColumn, { entity }: SeriesSpec): InputColumn {
  const { categories: _, ...rest } = column;
  return column.name === entity ? { ...rest, required: true } : column;
}

/** The month after the last of some series, and what is said of it. */
function probe(file: ForecastFile, { rows }: CleanData) {
  const { entity, category } = file.spec;
  const count = Math.min(PROBE_ROWS, file.series.length, rows);
  const chosen = Array.from(
    { length: count },
    (_, i) => file.series[Math.floor(i * file.series.length / count)],
  );
  const inputs = {
    [entity]: chosen.map((own) => own.entity),
    ...category !== undefined && { [category]: chosen.map((own) => own.category) },
    [monthColumn]: chosen.map(({ first, values }) =>
      `${monthText(monthNumber(first)! + values.length)}-01`
    ),
  };
  const { mean } = predictMonths(new Forecaster(file), inputs, count);
  return { inputs, predictions: [...mean] };
}

/** What was said of months that were held out, to judge later forecasts by. */
function reference({ series, metrics }: JudgedForecasts): ModelMetadata["reference_performance"] {
  const entities = new Map<string, number>();
  const rows = series.flatMap(({ entity, origins }) => {
    if (!entities.has(entity)) entities.set(entity, entities.size);
    const group = entities.get(entity)!;
    return origins.flatMap(({ months }) => months.map(({ came, said }) => ({ came, said, group })));
  });
  const groups = Int32Array.from(rows, ({ group }) => group);
  const yTrue = Float64Array.from(rows, ({ came }) => came);
  const predictions = Float64Array.from(rows, ({ said }) => said);
  const quality = metricNames("regression").map((name) =>
    [name, metricOf(name, "regression").compute({ yTrue, predictions })] as const
  );
  return {
    kind: "numbers",
    quality: Object.fromEntries(
      [...quality, ...Object.entries(metrics)].filter(([, value]) => Number.isFinite(value)),
    ),
    target: numericStatistics(yTrue, groups),
    prediction: numericStatistics(predictions, groups),
    error: numericStatistics(yTrue.map((value, row) => value - predictions[row]), groups),
    column_importance: {},
  };
}

/** Tells the run what was chosen and how good it was, by months ahead and by origin as steps. */
async function logFindings(
  { series, models, judged, gates }: ForecastFindings,
  { horizon, levels }: ForecastExport,
  { parent }: TrainingRun,
): Promise<void> {
  await parent.logParams({
    ...{ horizon, levels: levels.join(", "), n_series: series.length },
    best_model: methodCounts(models)[0][0],
  });
  await parent.logMetrics(
    Object.fromEntries(
      Object.entries(judged.metrics).map(([name, value]) => [`best_${name}`, value]),
    ),
  );
  const points = (by: JudgedForecasts["byHorizon"], ending: string, from: number) =>
    by.flatMap((own, at) =>
      Object.entries(own).map(([key, value]) => ({ key: key + ending, value, step: at + from }))
    );
  await parent.logMetricPoints([
    ...points(judged.byHorizon, "", 1),
    ...points(judged.byOrigin, "_by_origin", 0),
  ]);
  await parent.setTags({
    ...gates && { gate: gates.missed.length === 0 ? "passed" : "failed" },
    ...gates && gates.missed.length > 0 && { gate_missed: gates.missed.join("; ") },
  });
}
