/** Sides of which a model knows what their columns mean. */

import { DataError } from "../../src/base/mod.ts";
import { type ColumnStatistics, type Predictions, takePredictions } from "../../src/drift/mod.ts";
import { clean, type CleanData } from "../../src/features/mod.ts";
import { onnxInputs } from "../../src/onnx/mod.ts";
import { openModel } from "../../src/onnx/session.ts";
import { type Cell, readTable, type Table } from "../../src/table/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import { creditFeatures } from "../credit_score/columns.ts";
import { columnSample } from "../../src/registry/mod.ts";
import { countDuplicates } from "./duplicates.ts";
import type { Side } from "./side.ts";
import type { WatchedModel } from "./watched_model.ts";

/** Rows that are predicted at a time. */
const BATCH = 10_000;

/** The statistics that came with a model, standing for its training rows. */
export function trainingSide({ name, bundle }: WatchedModel): Side {
  const { reference_statistics: statistics, reference_performance: kept } = bundle.metadata;
  return {
    name: `training data of ${name}`,
    sample: {
      rows: (kept?.target as ColumnStatistics | undefined)?.count ??
        Math.max(...Object.values(statistics).map((one) => rowsOf(one as ColumnStatistics))),
      columns: statistics as Readonly<Record<string, ColumnStatistics>>,
    },
    identifiers: [],
    unreadable: {},
  };
}

/**
 * Reads a file, cleans it as training does and predicts its rows; undefined
 * where it lacks columns that the model reads.
 */
export async function cleanedFile(
  path: string,
  time: string,
  model: WatchedModel,
): Promise<Side | undefined> {
  const table = await readTable(path);
  if (missingColumns(table, model).length > 0) return undefined;
  const { data, ...side } = cleanedSide(path, table, model);
  return {
    ...side,
    predictions: await predictRows(data, model),
    ...(time === "" ? {} : { times: timesOf(table.columns[time], time, path) }),
  };
}

/** The columns that the model reads and `table` has not. */
function missingColumns({ columns }: Table, { state }: WatchedModel): string[] {
  return state.columns.map(({ name }) => name).filter((name) => !Object.hasOwn(columns, name));
}

/** A table cleaned as training does, with its labels where it has some. */
export function cleanedSide(
  name: string,
  table: Table,
  { state, classes }: WatchedModel,
): Side & { readonly data: CleanData } {
  const data = clean(creditFeatures, table, { target: "none" });
  const columns = Object.fromEntries(
    state.columns.map(({ name }) => [name, columnSample(data.columns[name])]),
  );
  const cells = table.columns[creditFeatures.target.column];
  const codes = new Map(classes.map((label, code) => [label, code]));
  const labels = cells && Int32Array.from(cells, (cell) => codes.get(String(cell)) ?? -1);
  return {
    name,
    data,
    sample: { rows: data.rows, columns, groups: data.groups },
    identifiers: [],
    duplicates: countDuplicates(
      Object.values(data.columns).map((column) =>
        column.kind === "numbers"
          ? { kind: "number" as const, values: column.values }
          : { kind: "category" as const, codes: column.codes, vocabulary: [] }
      ),
      data.rows,
    ),
    unreadable: {},
    ...(labels?.some((label) => label >= 0) ? { labels } : {}),
  };
}

/** The predictions of rows whose labels are known, with their labels. */
export function labelled(
  { labels, predictions }: Side,
): { readonly labels: Int32Array; readonly predictions: Predictions } | undefined {
  if (labels === undefined || predictions === undefined) return undefined;
  const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
  if (rows.length === labels.length) return { labels, predictions };
  return {
    labels: rows.map((row) => labels[row]),
    predictions: takePredictions(predictions, rows),
  };
}

async function predictRows(data: CleanData, { bundle, state, classes }: WatchedModel) {
  const model = await openModel(bundle.modelPath);
  try {
    const order = classes.map((label) => model.classes.indexOf(label));
    const probabilities = new Float32Array(classes.length * data.rows);
    for (let from = 0; from < data.rows; from += BATCH) {
      const rows = Int32Array.from(
        { length: Math.min(BATCH, data.rows - from) },
        (_, i) => from + i,
      );
      const found = (await model.predict(onnxInputs(state, data, rows))).probabilities;
      order.forEach((at, k) => {
        const own = found.data.subarray(at * rows.length, (at + 1) * rows.length);
        probabilities.set(own, k * data.rows + from);
      });
    }
    const predicted = Int32Array.from(mostProbable(probabilities, data.rows));
    return { classes: classes.length, predicted, probabilities };
  } finally {
    await model.close();
  }
}

function rowsOf({ count, missing }: ColumnStatistics): number {
  return count + missing;
}

function timesOf(cells: readonly Cell[] | undefined, name: string, path: string): Float64Array {
  const times = Float64Array.from(cells ?? [], (cell) => Date.parse(String(cell)));
  if (times.some(Number.isFinite)) return times;
  throw new DataError(
    `Cannot read times of ${path}: column "${name}" ` +
      (cells === undefined ? "is missing" : "holds no dates"),
    { next: "name a column of ISO 8601 dates with --param time=COLUMN" },
  );
}
