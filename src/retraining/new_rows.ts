/** Rows with the truth that came since a model was trained, beside those it was trained on. */

import { stringify } from "@std/csv";
import { join } from "@std/path";
import { DataError, ifPresent, sha256, writeFileAtomic } from "../base/mod.ts";
import { keyedDigest, type LoggedPrediction, readPredictions } from "../prediction_log/mod.ts";
import { describedRows, type ModelMetadata } from "../registry/mod.ts";
import { monthColumn, type SeriesSpec } from "../series/mod.ts";
import { type Table } from "../dataset/mod.ts";
import { readTable } from "../table/mod.ts";

/** Share of the new rows that no training sees: the newest, on which models are compared. */
const HELD_OUT = 0.3;
/** What the server writes instead of a value that the log must not hold. */
const hashed = /^sha256:[0-9a-f]{16}$/;

/** What is kept beside a file of joined rows: until when predictions are in it. */
interface JoinedFile {
  readonly until: string;
  /** Whether it holds digests in place of the group's key. */
  readonly digests?: boolean;
}

/** New rows, the oldest first. */
export interface NewRows {
  readonly records: readonly LoggedPrediction[];
  /** File that the model was trained on. */
  readonly trainedOn: string;
}

/**
 * The labelled predictions that the file of a model's training does not hold yet.
 *
 * @param name Name of the model in the registry.
 * @param names What the files of its versions are called.
 */
export async function newRowsOf(
  metadata: ModelMetadata,
  names: ReadonlySet<string>,
  log: string,
): Promise<NewRows> {
  const trainedOn = metadata.pipeline?.params.data;
  if (typeof trainedOn !== "string") {
    throw new DataError(
      `Cannot train ${metadata.model_name} again: its metadata do not tell the file of its training`,
      { next: "train it once with deno task pipeline" },
    );
  }
  const { series } = metadata;
  const until = series === undefined ? (await joinedFile(trainedOn))?.until ?? "" : "";
  const seen = new Map<string, LoggedPrediction>();
  for await (const record of readPredictions(log)) {
    if (record.label === undefined || record.time <= until) continue;
    // A shadow predicts the same request again: it is one row.
    if (names.has(`${record.model_name}_v_${record.model_version}`)) {
      seen.set(record.request_id, record);
    }
  }
  const records = [...seen.values()].sort((a, b) => a.time < b.time ? -1 : 1);
  if (series === undefined) return { records, trainedOn };
  const known = describedRows(metadata, await readTable(trainedOn));
  return { records: monthsOnce(series, records, known), trainedOn };
}

/**
 * Predicted months that a table lacks, each as it was asked for last, in the order of the months:
 * what models are compared on comes after all they learned from.
 */
function monthsOnce(
  { entity, category }: SeriesSpec,
  records: readonly LoggedPrediction[],
  known: Table,
): LoggedPrediction[] {
  const keyOf = (cell: (name: string) => unknown) =>
    [entity, category, monthColumn].map((name) => name && (cell(name) ?? "")).join("\n");
  const learned = new Set(
    Array.from({ length: known.rows }, (_, row) => keyOf((name) => known.columns[name][row])),
  );
  const once = new Map(records.map((one) => [keyOf((name) => one.inputs[name]), one]));
  const month = ({ inputs }: LoggedPrediction) => String(inputs[monthColumn]);
  return [...once].filter(([key]) => !learned.has(key)).map(([, record]) => record)
    .sort((a, b) => month(a) < month(b) ? -1 : month(a) > month(b) ? 1 : 0);
}

/** Files for a training and for the comparison after it. */
export interface RetrainFiles {
  /** Rows of the training before and the older of the new ones. */
  readonly joined: string;
  /** The newest rows, which no training has seen. */
  readonly newest: string;
  readonly oldRows: number;
  readonly addedRows: number;
  readonly newestRows: number;
}

/**
 * Writes both files, named by what they hold. Rows are split by time, so that
 * what models are compared on came after all they learned from.
 *
 * @param secret Key of the log's digests: with it the old rows of a customer and the new ones
 * are known to be of one, so that no split has them on both sides.
 * @throws {DataError} if the log holds digests instead of a column's values.
 */
export async function writeRetrainFiles(
  metadata: ModelMetadata,
  { records, trainedOn }: NewRows,
  folder: string,
  secret?: string,
): Promise<RetrainFiles> {
  const known = (await joinedFile(trainedOn))?.digests === true;
  const digests = known || secret !== undefined;
  const table = describedRows(metadata, await readTable(trainedOn));
  const old = known || secret === undefined ? table : withDigests(table, metadata, secret);
  const cut = Math.ceil(records.length * (1 - HELD_OUT));
  const [added, newest] = [records.slice(0, cut), records.slice(cut)];
  const names = Object.keys(old.columns);
  const both = [old, rowsOf(metadata, names, added)];
  const text = textOf(names, both);
  const stem = `${metadata.name ?? metadata.model_name}_${sha256(text).slice(0, 12)}`;
  const joined = join(folder, `${stem}.csv`);
  const held = join(folder, `${stem}_newest.csv`);
  await Deno.mkdir(folder, { recursive: true });
  await writeFileAtomic(joined, text);
  const kept: JoinedFile = { until: added.at(-1)?.time ?? "", digests };
  await writeFileAtomic(`${joined}.json`, JSON.stringify(kept));
  await writeFileAtomic(held, textOf(names, [rowsOf(metadata, names, newest)]));
  return {
    ...{ joined, newest: held, oldRows: old.rows },
    ...{ addedRows: added.length, newestRows: newest.length },
  };
}

/** Writes rows to compare models on. */
export async function writeRows(
  metadata: ModelMetadata,
  { records, trainedOn }: NewRows,
  path: string,
): Promise<void> {
  const names = Object.keys(describedRows(metadata, await readTable(trainedOn)).columns);
  await writeFileAtomic(path, textOf(names, [rowsOf(metadata, names, records)]));
}

/** Old rows with the digest of their group's key in its place, as the log has it. */
function withDigests(
  table: Table,
  { declared_features }: ModelMetadata,
  secret: string,
): Table {
  const group = declared_features?.group;
  if (group === undefined || !Object.hasOwn(table.columns, group)) return table;
  const digest = keyedDigest(secret);
  const cells = table.columns[group].map((cell) => cell === null ? null : digest(String(cell)));
  return { ...table, columns: { ...table.columns, [group]: cells } };
}

/** Predictions as rows of the file that the model was trained on. */
function rowsOf(
  { declared_features, input_schema, profiles }: ModelMetadata,
  names: readonly string[],
  records: readonly LoggedPrediction[],
): Table {
  const target = declared_features?.target.column;
  if (target === undefined || !names.includes(target)) {
    throw new DataError("Cannot join new rows: the model's metadata do not tell its target", {
      next: "train it again with this version",
    });
  }
  for (const { name } of input_schema) {
    if (!records.some(({ inputs }) => hashed.test(String(inputs[name])))) continue;
    throw new DataError(`Cannot join new rows: the log holds digests of "${name}"`, {
      next: "take the column out of --redact, or train on rows from elsewhere",
    });
  }
  const group = declared_features?.group;
  const cell = (name: string, record: LoggedPrediction) => {
    if (name === target) return record.label!;
    if (name === profiles?.spec.time) return record.time;
    // Where the log does not tell of whom a request is, it stands for itself.
    if (name === group) return record.group ?? record.inputs[name] ?? record.request_id;
    return record.inputs[name] ?? null;
  };
  return {
    rows: records.length,
    columns: Object.fromEntries(
      names.map((name) => [name, records.map((record) => cell(name, record))]),
    ),
  };
}

function textOf(names: readonly string[], tables: readonly Table[]): string {
  const rows = tables.flatMap(({ rows, columns }) =>
    Array.from({ length: rows }, (_, row) => names.map((name) => columns[name][row] ?? ""))
  );
  return stringify([names, ...rows] as unknown[][], { headers: false });
}

async function joinedFile(path: string): Promise<JoinedFile | undefined> {
  const text = await ifPresent(Deno.readTextFile(`${path}.json`));
  return text === undefined ? undefined : JSON.parse(text);
}
