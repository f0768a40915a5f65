/** Compares two samples column by column. */

import { DataError, deriveSeed, runTask, type Task, task, type WorkerPool } from "../base/mod.ts";
import type { StatisticName } from "./statistics/catalogue.ts";
import { valueGroups } from "./effective_sample_size.ts";
import { DATASET_SHARE } from "./evidently_preset.ts";
import { judge, worst } from "./judge.ts";
import type { Rules } from "./finding.ts";
import { type Both, type ColumnMeasure, measureColumn } from "./measure_column.ts";
import { multivariateDrift } from "./multivariate.ts";
import type { DriftResult, PresetName } from "./result.ts";
import type { ColumnSample, DriftSample } from "./sample.ts";

/** How samples are compared. */
export interface CompareOptions {
  /** Whose rules are followed; default `calibrated`. */
  readonly preset?: PresetName;
  /** Statistics for columns by name instead of the preset's; each by its own threshold. */
  readonly tests?: Readonly<Record<string, StatisticName>>;
  /** Importance of columns to the model, 0 or more, of any scale; columns left out have 0. */
  readonly importance?: Readonly<Record<string, number>>;
  /** False discovery rate of the preset `calibrated`, in (0, 1); default 0.05. */
  readonly falseDiscoveryRate?: number;
  /** Whether a classifier tests all columns together; default false. */
  readonly multivariate?: boolean;
  /** Seed of what is sampled or permuted; default 0. */
  readonly seed?: number;
  /** Worker threads that share the columns; default none. */
  readonly pool?: WorkerPool;
}

/**
 * Rows of a column of numbers that `calibrated` looks at, on each side. The
 * distance between two samples of so many rows is within 0.0073 of that of all
 * rows in 99 of 100 columns, where a shift matters from 0.05 on.
 */
const MOST_ROWS = 100_000;
/** Columns that an error names. */
const NAMES_SHOWN = 5;

/**
 * Compares two samples: tests each column that both have, and judges all
 * columns together.
 *
 * The preset `calibrated` raises a false alarm in at most one of twenty reports
 * (by `falseDiscoveryRate`), also where rows come in groups and samples tell
 * them; `evidently` gives Evidently's verdicts.
 *
 * @throws {DataError} if there is no common column, or a side has no rows.
 * @throws {UsageError} if a preset or a statistic needs rows that are gone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * const random = new Random(1);
 * const age = (mean: number) => ({
 *   rows: 500,
 *   columns: {
 *     age: { kind: "number" as const, values: Float64Array.from({ length: 500 }, () => random.normal(mean)) },
 *   },
 * });
 * const { columns } = await compare(age(0), age(1));
 * assertEquals([columns[0].test, columns[0].severity], ["ks", "high"]);
 * ```
 */
export async function compare(
  reference: DriftSample,
  current: DriftSample,
  options: CompareOptions = {},
): Promise<DriftResult> {
  const { preset = "calibrated", falseDiscoveryRate = 0.05, seed = 0, pool } = options;
  if (!(falseDiscoveryRate > 0 && falseDiscoveryRate < 1)) {
    throw new RangeError(
      `Cannot keep a false discovery rate of ${falseDiscoveryRate}; give one between 0 and 1`,
    );
  }
  const names = commonColumns(reference, current);
  const tasks = names.map((column, i): ColumnTask => ({
    samples: { reference: reference.columns[column], current: current.columns[column] },
    groups: { reference: groupsOf(reference, column), current: groupsOf(current, column) },
    rules: {
      preset,
      test: options.tests?.[column],
      mostRows: preset === "calibrated" ? MOST_ROWS : Infinity,
      seed: deriveSeed(seed, i),
    },
  }));
  const measures = await measureAll(tasks, pool);
  const importance = shareOfImportance(names, options.importance);
  const columns = judge(
    names.map((column, i) => ({
      column,
      importance: importance?.[i] ?? null,
      measure: measures[i],
    })),
    falseDiscoveryRate,
  );
  const multivariate = options.multivariate
    ? multivariateDrift(reference, current, names, falseDiscoveryRate, seed)
    : null;
  const drifted = columns.filter((column) => column.drifted).length;
  const judged = columns.filter(({ test, drifted }) => test !== null || drifted).length;
  const share = drifted / Math.max(1, judged);
  const without = (a: DriftSample, b: DriftSample) =>
    Object.keys(a.columns).filter((name) => !Object.hasOwn(b.columns, name));
  return {
    schema_version: 1,
    preset,
    reference_rows: reference.rows,
    current_rows: current.rows,
    reference_groups: countGroups(reference),
    current_groups: countGroups(current),
    drifted: (preset === "evidently" ? share >= DATASET_SHARE : drifted > 0) ||
      (multivariate?.drifted ?? false),
    severity: worst(columns.map(({ severity }) => severity)),
    drifted_columns: drifted,
    drifted_share: share,
    false_discovery_rate: preset === "calibrated" ? falseDiscoveryRate : null,
    columns,
    missing_columns: without(reference, current),
    new_columns: without(current, reference),
    multivariate,
  };
}

interface ColumnTask {
  readonly samples: Both<ColumnSample>;
  readonly groups: Both<Int32Array | undefined>;
  readonly rules: Rules;
}

/** Measures columns in a worker, or right here. */
export const measureTask: Task<readonly ColumnTask[], ColumnMeasure[]> = task(
  import.meta.url,
  "measureTask",
  (tasks) => tasks.map(({ samples, groups, rules }) => measureColumn(samples, groups, rules)),
);

function groupsOf({ columns, groups }: DriftSample, name: string): Int32Array | undefined {
  const column = columns[name];
  return "count" in column ? undefined : valueGroups(column, groups);
}

/** Number of groups of the rows; null if they are not told. */
function countGroups({ rows, columns, groups }: DriftSample): number | null {
  if (groups) return new Set(groups).size;
  // Where each row is a group, as that of its words, rows stand for themselves.
  const told = Object.values(columns).flatMap((column) =>
    "count" in column && column.effective && column.effective.groups < rows
      ? [column.effective.groups]
      : []
  );
  return told.length > 0 ? Math.max(...told) : null;
}

/** Columns go to the workers one by one where there are workers, as they differ in cost. */
async function measureAll(
  tasks: readonly ColumnTask[],
  pool: WorkerPool | undefined,
): Promise<ColumnMeasure[]> {
  const parts = pool ? tasks.map((one) => [one]) : [tasks];
  return (await Promise.all(parts.map((part) => runTask(measureTask, part, pool)))).flat();
}

function commonColumns(reference: DriftSample, current: DriftSample): string[] {
  for (const [side, { rows }] of [["reference", reference], ["current data", current]] as const) {
    if (rows === 0) {
      throw new DataError(`Cannot compare: the ${side} has no rows`, {
        next: side === "reference" ? "choose another reference" : "choose a longer window",
      });
    }
  }
  const names = Object.keys(reference.columns).filter((name) =>
    Object.hasOwn(current.columns, name)
  );
  if (names.length > 0) return names;
  throw new DataError(
    `Cannot compare: no column of the reference (${someNames(reference)}) is in the current data ` +
      `(${someNames(current)})`,
    { next: "check that both come from the same source and have a header line" },
  );
}

function someNames({ columns }: DriftSample): string {
  const names = Object.keys(columns);
  if (names.length === 0) return "no columns";
  return [...names.slice(0, NAMES_SHOWN), ...names.length > NAMES_SHOWN ? ["…"] : []].join(", ");
}

function shareOfImportance(
  names: readonly string[],
  importance: Readonly<Record<string, number>> | undefined,
): number[] | undefined {
  if (!importance) return undefined;
  const found = names.map((name) => importance[name] ?? 0);
  const sum = found.reduce((total, value) => total + value, 0);
  return sum > 0 ? found.map((value) => value / sum) : undefined;
}
