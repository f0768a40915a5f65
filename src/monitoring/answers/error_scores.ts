/** How far predicted numbers are off, and how sure that is. */

import { deriveSeed, Random } from "../../base/mod.ts";
import { bootstrapInterval, metricOf } from "../../metrics/mod.ts";

/** The metrics of errors, by what they are called in tables. */
export const errorTitles = {
  rmse: "RMSE",
  mae: "Mean absolute error",
  median_absolute_error: "Median absolute error",
  mape: "Mean absolute percentage error",
  r2: "R²",
} as const;

/** Name of a metric of errors. */
export type ErrorMetric = keyof typeof errorTitles;

/** Their names in the order of tables. */
export const errorMetrics = Object.keys(errorTitles) as ErrorMetric[];

/** Rows whose true value is known. */
export interface KnownRows {
  /** True values, shape [rows]. */
  readonly truth: Float64Array;
  /** Predicted values, shape [rows]. */
  readonly predicted: Float64Array;
  /** Group of each row, where rows come in groups, shape [rows]. */
  readonly groups?: Int32Array;
}

/** Rows that are drawn again; of more, a part stands for all and its standard error is scaled. */
const MOST_ROWS = 5000;
const RESAMPLES = 200;

/** A metric of rows, at least one; NaN if it is not defined, as for percentages of nothing. */
export function errorScore(
  name: ErrorMetric,
  { truth, predicted }: KnownRows,
  weights?: Float64Array,
): number {
  if (name === "mape" && truth.includes(0)) return NaN;
  const rows = { yTrue: truth, predictions: predicted, sampleWeight: weights };
  return metricOf(name, "regression").compute(rows);
}

/**
 * By how much other rows of the same source would move each metric: its
 * bootstrapped standard error. Groups are drawn whole. NaN for a single row, or
 * a single group.
 */
export function standardErrors(rows: KnownRows): Record<ErrorMetric, number> {
  const { at, units, count, share } = drawnRows(rows);
  const part = {
    truth: Float64Array.from(at, (row) => rows.truth[row]),
    predicted: Float64Array.from(at, (row) => rows.predicted[row]),
  };
  const weights = new Float64Array(at.length);
  const errors = errorMetrics.map((name, i) => {
    if (count < 2) return [name, NaN];
    const { standardError } = bootstrapInterval(
      count,
      (counts) => {
        units.forEach((unit, row) => weights[row] = counts[unit]);
        return errorScore(name, part, weights);
      },
      new Random(deriveSeed(0, i)),
      { resamples: RESAMPLES },
    );
    return [name, standardError * Math.sqrt(share)];
  });
  return Object.fromEntries(errors);
}

/** Evenly spaced rows, or groups, of which the rows `at` are: the unit of each, from 0 on. */
function drawnRows({ truth, groups }: KnownRows) {
  const every = Math.ceil(truth.length / MOST_ROWS);
  if (groups === undefined) {
    const count = Math.ceil(truth.length / every);
    const at = Int32Array.from({ length: count }, (_, unit) => unit * every);
    return { at, units: Int32Array.from(at.keys()), count, share: count / truth.length };
  }
  const seen = new Map<number, number>();
  for (const group of groups) if (!seen.has(group)) seen.set(group, seen.size);
  const unitOf = (row: number) => seen.get(groups[row])!;
  const at = Int32Array.from(truth.keys()).filter((row) => unitOf(row) % every === 0);
  const count = Math.ceil(seen.size / every);
  return { at, units: at.map((row) => unitOf(row) / every), count, share: count / seen.size };
}
