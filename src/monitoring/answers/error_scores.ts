/** How far predicted numbers are off, and how sure that is. */

import { deriveSeed, Random } from "../../base/mod.ts";
import { bootstrapInterval } from "../../metrics/mod.ts";

/** The metrics of errors, with what they are called and whether less is better. */
export const errorMetrics = {
  rmse: { title: "RMSE", better: "less" },
  mae: { title: "Mean absolute error", better: "less" },
  median_absolute_error: { title: "Median absolute error", better: "less" },
  r2: { title: "R²", better: "more" },
} as const;

/** Name of a metric of errors. */
export type ErrorMetric = keyof typeof errorMetrics;

/** Rows whose true value is known. */
export interface KnownRows {
  /** True values, shape [rows]. */
  readonly truth: Float64Array;
  /** Predicted values, shape [rows]. */
  readonly predicted: Float64Array;
  /** Group of each row, where rows come in groups, shape [rows]. */
  readonly groups?: Int32Array;
}

/** A metric and its standard error, both in the metric's unit. */
export interface ErrorScore {
  /** The metric. */
  readonly value: number;
  /** By how much other rows of the same source would move it. */
  readonly standardError: number;
}

/** Rows that are drawn again at most; of more, the standard error is that of these, scaled. */
const MOST_ROWS = 20_000;
const RESAMPLES = 200;

/**
 * All metrics of at least one row. The standard errors are bootstrapped, whole
 * groups together where rows come in groups; of one row they are NaN.
 */
export function errorScores(rows: KnownRows): Record<ErrorMetric, ErrorScore> {
  const sorted = byError(rows);
  const spread = byError(someOf(rows));
  const [places, draws] = unitsOf(spread);
  const scale = Math.sqrt(spread.truth.length / sorted.truth.length);
  const weights = new Float64Array(spread.truth.length);
  const entries = Object.entries(metrics).map(([name, metric], i) => {
    const { standardError } = bootstrapInterval(
      draws,
      (counts) => {
        places.forEach((unit, row) => weights[row] = counts[unit]);
        return metric(spread, weights);
      },
      new Random(deriveSeed(0, i)),
      { resamples: RESAMPLES },
    );
    const value = metric(sorted, new Float64Array(sorted.truth.length).fill(1));
    return [name, { value, standardError: draws < 2 ? NaN : scale * standardError }] as const;
  });
  return Object.fromEntries(entries) as Record<ErrorMetric, ErrorScore>;
}

/** The metrics of some rows, which may be none: then they are NaN. */
export function plainScores(rows: KnownRows): Record<ErrorMetric, number> {
  const sorted = byError(rows);
  const ones = new Float64Array(sorted.truth.length).fill(1);
  const entries = Object.entries(metrics).map(([name, metric]) => [name, metric(sorted, ones)]);
  return Object.fromEntries(entries);
}

/** Rows in the order of their absolute errors. */
interface SortedRows extends KnownRows {
  /** Rising absolute errors, shape [rows]. */
  readonly errors: Float64Array;
}

function byError({ truth, predicted, groups }: KnownRows): SortedRows {
  const error = (row: number) => Math.abs(truth[row] - predicted[row]);
  const order = Int32Array.from(truth.keys()).sort((a, b) => error(a) - error(b));
  return {
    truth: Float64Array.from(order, (row) => truth[row]),
    predicted: Float64Array.from(order, (row) => predicted[row]),
    groups: groups && order.map((row) => groups[row]),
    errors: Float64Array.from(order, error),
  };
}

type Weighted = (rows: SortedRows, weights: Float64Array) => number;

/** Rows with weights; scikit-learn's definitions. */
const metrics: Readonly<Record<ErrorMetric, Weighted>> = {
  rmse: ({ errors }, weights) => Math.sqrt(mean(errors, weights, (error) => error * error)),
  mae: ({ errors }, weights) => mean(errors, weights, (error) => error),
  median_absolute_error: ({ errors }, weights) => {
    const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
    let below = 0;
    for (let row = 0; row < errors.length; row++) {
      below += weights[row];
      if (below < half || weights[row] === 0) continue;
      if (below > half) return errors[row];
      const next = errors.findIndex((_, later) => later > row && weights[later] > 0);
      return next < 0 ? errors[row] : (errors[row] + errors[next]) / 2;
    }
    return NaN;
  },
  r2: ({ truth, errors }, weights) => {
    const centre = mean(truth, weights, (value) => value);
    const spread = mean(truth, weights, (value) => (value - centre) ** 2);
    return spread === 0 ? NaN : 1 - mean(errors, weights, (error) => error * error) / spread;
  },
};

function mean(values: Float64Array, weights: Float64Array, of: (value: number) => number): number {
  let [sum, weight] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    if (weights[row] === 0) continue;
    sum += weights[row] * of(values[row]);
    weight += weights[row];
  }
  return sum / weight;
}

/** Evenly spaced rows of many; all rows where they come in groups, which must stay whole. */
function someOf(rows: KnownRows): KnownRows {
  const { truth, predicted, groups } = rows;
  if (groups || truth.length <= MOST_ROWS) return rows;
  const picked = Int32Array.from(
    { length: MOST_ROWS },
    (_, i) => Math.floor(i * truth.length / MOST_ROWS),
  );
  return {
    truth: Float64Array.from(picked, (row) => truth[row]),
    predicted: Float64Array.from(picked, (row) => predicted[row]),
  };
}

/** What is drawn together: the unit of each row, from 0 on, and their number. */
function unitsOf({ truth, groups }: KnownRows): [units: Int32Array, count: number] {
  if (groups === undefined) return [Int32Array.from(truth.keys()), truth.length];
  const seen = new Map<number, number>();
  const units = groups.map((group) => {
    if (!seen.has(group)) seen.set(group, seen.size);
    return seen.get(group)!;
  });
  return [units, seen.size];
}
