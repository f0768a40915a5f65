/** What a fitted model of any kind does with its columns, asked by predictions alone. */

import { deriveSeed, Random } from "../base/mod.ts";
import {
  type PartialDependence,
  partialDependence,
  permutationImportance,
  type RowPredictions,
} from "../explain/mod.ts";
import { bagFeatures, type CleanColumn, type CleanData, takeCells } from "../features/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import type { ComparisonData, FittedModel, Watch } from "./experiment.ts";
import type { TrainingTask } from "./tasks/contract.ts";

/** Rows whose predictions are asked for, and how often: enough for a picture that takes a second. */
const SAMPLE = { shuffled: 300, repeats: 3, moved: 60 };

/** Columns that are moved: those that matter most. */
const MOST_COLUMNS = 6;

/** Values that a column goes through. */
const MOST_VALUES = { numbers: 12, others: 10 };

/** What the score loses without a column. */
export interface ColumnLoss {
  /** Name of the raw column. */
  readonly name: string;
  /** How much worse the metric is with its cells shuffled, mean and standard deviation. */
  readonly mean: number;
  /** Standard deviation over the shuffles. */
  readonly deviation: number;
}

/** How predictions move with a column. */
export interface ColumnDependence {
  /** Name of the raw column. */
  readonly name: string;
  /** The values that it goes through: numbers rising, others most frequent first. */
  readonly values: readonly (number | string)[];
  /** Predictions at these. */
  readonly dependence: PartialDependence;
}

/** What was asked of a model. */
export interface Inspection {
  /** The metric that was looked at. */
  readonly metric: string;
  /** Whether the rows were held out from the model. */
  readonly heldOut: boolean;
  /** Rows that were shuffled. */
  readonly rows: number;
  /** What the score loses without each column, most first. */
  readonly losses: readonly ColumnLoss[];
  /** How predictions move with the columns that matter most. */
  readonly dependences: readonly ColumnDependence[];
}

/**
 * Shuffles the cells of each raw column, and moves those that matter most through their values. The
 * rows are those of the test part, where one is held out.
 */
export async function inspect(
  task: Pick<TrainingTask, "predict" | "metricInput">,
  fitted: FittedModel,
  experiment: ComparisonData,
  select: string,
  test: Int32Array | undefined,
  { signal, progress }: Watch,
): Promise<Inspection> {
  const { data, seed } = experiment;
  const random = new Random(deriveSeed(seed, 9));
  const rows = random.shuffle(test?.slice() ?? Int32Array.from({ length: data.rows }, (_, i) => i))
    .slice(0, SAMPLE.shuffled).sort();
  const all = fitted.state.columns.map(({ name }) => name);
  // Spans are told by the tokens of their own text: another one has no answer to be held against.
  const names = fitted.state.columns.filter(({ kind }) => kind !== "tokens")
    .map(({ name }) => name);
  const sample = takeColumns(data, all, rows);
  const { direction, compute } = metricOf(select);
  const predictions = (changed: Readonly<Record<string, CleanColumn>>, of: CleanData) =>
    task.predict(fitted, { ...of, columns: { ...of.columns, ...changed } }, allOf(of));
  const { means, deviations } = await permutationImportance({
    ...{ columns: names.length, rows: rows.length, direction },
    predict: (column, order) => {
      const name = names[column ?? 0];
      return predictions(order ? { [name]: takeCells(sample.columns[name], order) } : {}, sample);
    },
    score: (found: RowPredictions) =>
      compute(task.metricInput(experiment, { rows, predictions: found })),
  }, { repeats: SAMPLE.repeats, seed: deriveSeed(seed, 10), signal, onProgress: progress });
  const losses = names.map((name, j) => ({ name, mean: means[j], deviation: deviations[j] }))
    // A metric that a shuffle leaves without an answer tells nothing.
    .filter(({ mean }) => !Number.isNaN(mean))
    .sort((a, b) => b.mean - a.mean);
  const texts = bagFeatures(fitted.state);
  const moved = losses.filter(({ name }) => !texts.includes(name)).slice(0, MOST_COLUMNS);
  const some = takeColumns(data, all, rows.slice(0, SAMPLE.moved));
  const dependences: ColumnDependence[] = [];
  for (const { name } of moved) {
    const column = sample.columns[name];
    const places = placesOf(column);
    if (places.length < 2) continue;
    const dependence = await partialDependence(
      places.length,
      some.rows,
      (v) => {
        const cells = takeCells(column, new Int32Array(some.rows).fill(places[v]));
        return predictions({ [name]: cells }, some);
      },
      { signal },
    );
    dependences.push({ name, values: places.map((row) => told(column, row)), dependence });
  }
  const { length } = rows;
  return { metric: select, heldOut: test !== undefined, rows: length, losses, dependences };
}

/** What losses say of the importance of columns: shares, sum 1; none if nothing is lost. */
export function lossShares({ losses }: Inspection): Record<string, number> {
  const lost = losses.map(({ name, mean }) => [name, Math.max(mean, 0)] as const);
  const total = lost.reduce((sum, [, mean]) => sum + mean, 0);
  return total > 0 ? Object.fromEntries(lost.map(([name, mean]) => [name, mean / total])) : {};
}

function takeColumns(data: CleanData, names: readonly string[], rows: Int32Array): CleanData {
  const columns = names.map((name) => [name, takeCells(data.columns[name], rows)]);
  return { rows: rows.length, columns: Object.fromEntries(columns), unlabelled: 0 };
}

const allOf = ({ rows }: CleanData) => Int32Array.from({ length: rows }, (_, row) => row);

/** Rows whose cells a column goes through: equally many rows lie between two numbers. */
function placesOf(column: CleanColumn): number[] {
  if (column.kind === "numbers") {
    const known = [...column.values.keys()].filter((row) => !Number.isNaN(column.values[row]))
      .sort((a, b) => column.values[a] - column.values[b]);
    const inner = known.slice(Math.floor(0.02 * known.length), Math.ceil(0.98 * known.length));
    const spread = Array.from(
      { length: MOST_VALUES.numbers },
      (_, v) => inner[Math.round(v * (inner.length - 1) / (MOST_VALUES.numbers - 1))],
    ).filter((row) => row !== undefined);
    return spread.filter((row, v) =>
      v === 0 || column.values[row] !== column.values[spread[v - 1]]
    );
  }
  const rowsOf = Map.groupBy(column.codes.keys(), (row) => column.codes[row]);
  return [...rowsOf.values()].sort((a, b) => b.length - a.length)
    .slice(0, MOST_VALUES.others).map(([row]) => row);
}

/** A cell as people read it. */
function told(column: CleanColumn, row: number): number | string {
  if (column.kind === "numbers") return column.values[row];
  const code = column.codes[row];
  if (code < 0) return "missing";
  if (column.kind === "texts") return column.vocabulary[code];
  const items = column.items.subarray(column.offsets[code], column.offsets[code + 1]);
  return items.length === 0
    ? "none"
    : Array.from(items, (item) => column.vocabulary[item]).join(", ");
}
