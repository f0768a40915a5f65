/** How sure a metric is, given that other rows could have been drawn. */

import { quantileSorted, type Random } from "../base/mod.ts";

/** How rows are drawn again. */
export interface BootstrapOptions {
  /** How often. Default 1,000. */
  readonly resamples?: number;
  /** Share of the resampled values that the interval holds, in (0, 1). Default 0.95. */
  readonly confidence?: number;
  /**
   * A number for each row, usually its true class: each value keeps its number of
   * rows in every resample, so that a rare class is never absent.
   */
  readonly strata?: ArrayLike<number>;
}

/** A metric with the interval that other draws of rows would put it in. */
export interface BootstrapInterval {
  /** The metric of the rows as they are. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Standard deviation of the resampled values. */
  readonly standardError: number;
  /** Resamples whose metric was a number; NaN (a class without rows) is left out. */
  readonly resamples: number;
}

/**
 * The percentile interval of a metric: rows are drawn with replacement many
 * times, and the middle share of the values that the metric takes is kept.
 *
 * A resample is handed over as the number of times each row was drawn, to use
 * as sample weights. Two models are compared by the interval of a difference;
 * ranking metrics are fast on {@link denseRanks} of the scores.
 *
 * Source: Efron and Tibshirani, 1993, chapter 13; SciPy
 * `bootstrap(method="percentile")`.
 *
 * @param rows Number of rows.
 * @param metric Gives the metric if row i counts `counts[i]` times, shape
 * [rows]; the array is used again for the next resample.
 * @param random The same interval for the same generator.
 * @throws {RangeError} if strata do not fit the rows or an option is out of range.
 *
 * @example
 * ```ts
 * import { Random } from "../base/mod.ts";
 * import { denseRanks, rocAuc } from "./mod.ts";
 * import { assert } from "@std/assert";
 * const yTrue = [0, 0, 1, 1, 0, 1];
 * const ranks = denseRanks([0.1, 0.4, 0.35, 0.8, 0.2, 0.7]);
 * const auc = bootstrapInterval(6, (counts) => rocAuc(yTrue, ranks, counts), new Random(7), {
 *   strata: yTrue,
 * });
 * assert(auc.low <= auc.value && auc.value <= auc.high);
 * ```
 */
export function bootstrapInterval(
  rows: number,
  metric: (counts: Uint32Array) => number,
  random: Random,
  { resamples = 1_000, confidence = 0.95, strata }: BootstrapOptions = {},
): BootstrapInterval {
  check(rows, resamples, confidence, strata);
  const groups = rowsByStratum(rows, strata);
  const counts = new Uint32Array(rows).fill(1);
  const value = metric(counts);
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) counts[group[random.int(group.length)]]++;
    }
    const found = metric(counts);
    if (!Number.isNaN(found)) values.push(found);
  }
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - confidence) / 2;
  return {
    value,
    low: quantileSorted(sorted, tail),
    high: quantileSorted(sorted, 1 - tail),
    standardError: deviation(sorted),
    resamples: sorted.length,
  };
}

/** The rows of each stratum; one stratum of all rows where none are given. */
function rowsByStratum(rows: number, strata: ArrayLike<number> | undefined): Int32Array[] {
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  if (strata === undefined) return [all];
  return [...Map.groupBy(all, (i) => strata[i]).values()].map((group) => Int32Array.from(group));
}

function check(
  rows: number,
  resamples: number,
  confidence: number,
  strata: ArrayLike<number> | undefined,
): void {
  if (!(rows >= 1 && resamples >= 1)) {
    throw new RangeError(
      `Cannot draw ${rows} rows ${resamples} times; give at least one row and one resample`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot give an interval of confidence ${confidence}; choose from (0, 1)`);
  }
  if (strata !== undefined && strata.length !== rows) {
    throw new RangeError(
      `Cannot draw ${rows} rows from ${strata.length} strata; give one for each row`,
    );
  }
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
