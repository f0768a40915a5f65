/** Small models of both kinds of answers, saved as a training saves them, and rows for them. */

import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import {
  categoryStatistics,
  classificationQuality,
  type ClassifierPredictions,
  numericStatistics,
  referencePerformance,
} from "../../src/drift/mod.ts";
import {
  clean,
  type CleanData,
  type FeatureSet,
  type FeatureState,
  fit,
  inputSchema,
  multiHot,
  number,
  oneHot,
  ordinal,
  transform,
} from "../../src/features/mod.ts";
import {
  gradientBoosting,
  linearRegression,
  predictProba,
  predictValues,
} from "../../src/learners/mod.ts";
import type { DriftFindings } from "../../src/monitoring/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import { type Role, RotatedLog } from "../../src/prediction_log/mod.ts";
import {
  type ModelMetadata,
  type ModelTask,
  referenceStatistics,
  saveBundle,
} from "../../src/registry/mod.ts";
import type { Cell, Table } from "../../src/dataset/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import { find } from "./files.ts";

const columns = {
  area: number({ min: 10, max: 400, cap: false }),
  floor: number({ cap: false }),
  district: oneHot(),
  state: ordinal(["poor", "fair", "good"]),
  extras: multiHot(),
};

/** How rows are drawn. */
export interface Draw {
  readonly rows: number;
  readonly seed: number;
  /** Square metres that are added to each home. */
  readonly larger?: number;
  /** By how much each home costs more than it should. */
  readonly dearer?: number;
}

/** Homes with their price, and whether they were sold. */
export function homes({ rows, seed, larger = 0, dearer = 0 }: Draw): Table {
  const random = new Random(seed);
  const districts = ["north", "south", "west"];
  const states = ["poor", "fair", "good"];
  const drawn = Array.from({ length: rows }, (_, row): Record<string, Cell> => {
    const area = Math.round(10 * (80 + 15 * random.normal() + larger)) / 10;
    const [district, state] = [random.int(3), random.int(3)];
    const extras = ["garden", "lift", "cellar"].filter(() => random.next() < 0.4);
    const price = 1000 * (2 * area + 30 * district + 20 * state + 10 * random.normal()) + dearer;
    return {
      home_id: 5000 + 3 * row,
      area,
      floor: random.next() < 0.05 ? null : random.int(12),
      district: districts[district],
      state: states[state],
      extras: extras.length === 0 ? null : extras.join(","),
      price: Math.round(price),
      sold: price + 20_000 * random.normal() < 220_000 ? "yes" : "no",
    };
  });
  return {
    rows,
    columns: Object.fromEntries(
      Object.keys(drawn[0]).map((name) => [name, drawn.map((row) => row[name])]),
    ),
  };
}

/** A feature set of homes with this target. */
function homeFeatures(target: FeatureSet["target"]): FeatureSet {
  return { target, ignore: ["home_id"], columns };
}

/** What tests change of the metadata before they are written. */
export type Change = (metadata: ModelMetadata) => ModelMetadata;

/** Trains and saves a regression of the price; half of the rows are held out for its reference. */
export async function saveRegression(
  folder: string,
  change: Change = (metadata) => metadata,
): Promise<string> {
  const set = homeFeatures({ column: "price", classes: [] });
  const { data, state, train, held, table } = prepared(set);
  const price = (rows: Int32Array) =>
    Float64Array.from(rows, (row) => table.columns.price[row] as number);
  const model = await linearRegression().fit(transform(state, data, train), price(train), {
    seed: 1,
  });
  const predicted = await predictValues(model, transform(state, data, held));
  const truth = price(held);
  const error = truth.map((value, i) => value - predicted[i]);
  const mean = (values: Float64Array) => values.reduce((sum, one) => sum + one) / values.length;
  const squares = error.map((one) => one * one);
  const centre = mean(truth);
  const absolute = error.map(Math.abs).sort();
  const common = { name: "homes", state, producerVersion: "0.0.0" };
  return await save(folder, exportRegression({ ...common, model }), change, {
    model_name: "homes",
    task: { kind: "regression", column: "price" },
    class_labels: [],
    declared_features: set,
    interval: { coverage: 0.9, half_width: absolute[Math.floor(0.9 * absolute.length)] },
    ...described(data, state),
    reference_performance: {
      kind: "numbers",
      quality: {
        rmse: Math.sqrt(mean(squares)),
        mae: mean(absolute),
        r2: 1 - mean(squares) / mean(truth.map((value) => (value - centre) ** 2)),
      },
      target: numericStatistics(truth),
      prediction: numericStatistics(predicted),
      error: numericStatistics(error),
      column_importance: { area: 0.6, district: 0.4 },
    },
  });
}

/** Trains and saves a classifier of whether a home is sold. */
export async function saveClassifier(
  folder: string,
  change: Change = (metadata) => metadata,
): Promise<string> {
  const classes = ["no", "yes"];
  const set = homeFeatures({ column: "sold", classes });
  const { data, state, train, held, table } = prepared(set);
  const labels = (rows: Int32Array) =>
    rows.map((row) => classes.indexOf(table.columns.sold[row] as string));
  const classifier = await gradientBoosting({ nEstimators: 15 }).fit(
    transform(state, data, train),
    labels(train),
    { classes: 2, seed: 1 },
  );
  const probabilities = await predictProba(classifier, transform(state, data, held));
  const predictions: ClassifierPredictions = {
    classes: 2,
    predicted: Int32Array.from(mostProbable(probabilities, held.length)),
    probabilities,
  };
  const truth = labels(held);
  const common = { name: "sales", state, producerVersion: "0.0.0" };
  return await save(folder, exportOnnx({ ...common, classifier, labels: classes }), change, {
    model_name: "sales",
    task: { kind: "binary", classes, positive: "yes" },
    class_labels: classes,
    declared_features: set,
    ...described(data, state),
    reference_performance: {
      performance: referencePerformance(truth, predictions, new Random(1)),
      quality: classificationQuality(truth, predictions),
      target: categoryStatistics(truth, classes),
      prediction: categoryStatistics(predictions.predicted, classes),
      probabilities: Object.fromEntries(classes.map((label, k) => [
        label,
        numericStatistics(probabilities.subarray(k * held.length, (k + 1) * held.length)),
      ])),
      column_importance: { area: 1 },
    },
  });
}

function prepared(set: FeatureSet) {
  const table = homes({ rows: 3000, seed: 1 });
  const data = clean(set, table, { target: "none" });
  const state = fit(set, data);
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  return { data, state, table, train: all.subarray(0, 1500), held: all.subarray(1500) };
}

function described(data: CleanData, state: FeatureState) {
  return {
    feature_columns: state.features,
    input_schema: inputSchema(state),
    feature_state: state,
    reference_statistics: referenceStatistics({ columns }, data),
  };
}

async function save(
  folder: string,
  onnx: Uint8Array,
  change: Change,
  facts: Partial<ModelMetadata> & { readonly task: ModelTask },
): Promise<string> {
  const moment = new Date("2026-11-01T08:00:00Z");
  const { metadata } = await saveBundle(folder, onnx, moment, (version, model_digest) =>
    change({
      version,
      model_digest,
      timestamp: moment.toISOString(),
      metrics: {},
      data_digest: "",
      run_id: null,
      git_commit: null,
      package_versions: {},
      ...facts,
    } as ModelMetadata));
  return `${metadata.model_name}_v_${metadata.version}`;
}

/** Another version of a model in the folder, with the same files. */
export async function copyVersion(folder: string, model: string, version: string): Promise<string> {
  const [, name] = /^(.+)_v_.+$/.exec(model)!;
  const copy = `${name}_v_${version}`;
  const metadata = JSON.parse(await Deno.readTextFile(join(folder, `${model}_metadata.json`)));
  await Deno.copyFile(join(folder, `${model}.onnx`), join(folder, `${copy}.onnx`));
  await Deno.writeTextFile(
    join(folder, `${copy}_metadata.json`),
    JSON.stringify({ ...metadata, version }),
  );
  return copy;
}

/** Writes a table as CSV, missing cells empty. */
export async function writeTable(path: string, { columns, rows }: Table): Promise<void> {
  const cells = Object.values(columns);
  const lines = Array.from(
    { length: rows },
    (_, row) => cells.map((own) => `"${own[row] ?? ""}"`).join(","),
  );
  await Deno.writeTextFile(path, `${Object.keys(columns).join(",")}\n${lines.join("\n")}\n`);
}

/** What a server would have answered to each row, and what turned out to be true. */
export interface LoggedRow {
  readonly prediction: string;
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly label?: string;
  /** Champion unless it is told. */
  readonly role?: Role;
  /** Digest of the group's key. */
  readonly group?: string;
}

/** Writes a prediction log as a server does, a row a minute, of which `first` went before. */
export async function writeLog(
  folder: string,
  model: string,
  { rows, columns }: Table,
  answer: (row: number) => LoggedRow,
  first = 0,
): Promise<void> {
  const [, model_name, model_version] = /^(.+)_v_(.+)$/.exec(model)!;
  const options = { folder, maxFileBytes: 1e9, maxAgeDays: 1e5, maxTotalBytes: 1e12 };
  const lost = (lines: number, reason: string) => {
    throw new Error(`${lines} lines lost: ${reason}`);
  };
  const predictions = new RotatedLog({ ...options, kind: "predictions", onLost: lost });
  const feedback = new RotatedLog({ ...options, kind: "feedback", onLost: lost });
  const inputs = Object.keys(columns).filter((name) =>
    !["home_id", "price", "sold"].includes(name)
  );
  for (let row = 0; row < rows; row++) {
    const { label, ...said } = answer(row);
    const time = new Date(Date.UTC(2026, 10, 2) + 60_000 * (first + row)).toISOString();
    const request_id = `${model}-${first + row}`;
    predictions.write({
      time,
      request_id,
      model_name,
      model_version,
      role: "champion",
      inputs: Object.fromEntries(inputs.map((name) => [name, columns[name][row]])),
      latency_ms: 1,
      probabilities: {},
      ...said,
    });
    if (label !== undefined) feedback.write({ time, request_id, label });
  }
  await predictions.close();
  await feedback.close();
}

/** A folder for models within a test's folder. */
export const modelsIn = (folder: string) => join(folder, "models");

/** What is found in a file of these rows by the newest model in the folder. */
export async function watchRows(
  folder: string,
  table: Table,
  more: Readonly<Record<string, unknown>> = {},
): Promise<DriftFindings> {
  const current = join(folder, "current.csv");
  await writeTable(current, table);
  return await find({ current, models: modelsIn(folder), ...more });
}
