/** One way to look at numbers, whether all rows are there, a sketch or a histogram. */

import { Random } from "../base/mod.ts";
import { QuantileSketch } from "./quantile_sketch.ts";
import type { Histogram, NumericStatistics } from "./column_statistics.ts";
import type { NumberSample } from "./sample.ts";
import { sortNumbers } from "./sort_numbers.ts";

/** The numbers of one side of a comparison. */
export interface NumberView {
  /** Values that were there. */
  readonly count: number;
  /** Values that were missing. */
  readonly missing: number;
  /** Values that it is worth to a test: fewer if groups repeat them or a sketch adds noise. */
  readonly worth: number;
  /** Rising values, or a sample of them; undefined if the rows are gone. */
  readonly sorted?: Float64Array;
  /** The distribution function; undefined if only a histogram is left. */
  readonly cdf?: Cdf;
  /** Counts in bins, where nothing else is left. */
  readonly histogram?: Histogram;
  /** The least and the greatest of all values. */
  readonly range?: readonly [number, number];
  /** Share of the values beyond a range; absent if nothing tells. */
  outside?(range: readonly [number, number]): number;
}

/** A step function from rising points to shares. */
export interface Cdf {
  /** Where it rises, shape [points]. */
  readonly points: Float64Array;
  /** Share of values at or below `value`. */
  atOrBelow(value: number): number;
  /** Share of values below `value`. */
  below(value: number): number;
}

/**
 * Looks at a column of numbers.
 *
 * @param effective Independent values that the values there are worth.
 * @param mostRows Above, a random sample of so many rows stands for the column.
 */
export function viewNumbers(
  column: NumberSample | NumericStatistics,
  effective: number,
  mostRows: number,
  seed: number,
): NumberView {
  if ("values" in column) return viewValues(column.values, effective, mostRows, seed);
  const { count, missing, min, max, sketch, histogram } = column;
  const range = min === null || max === null ? undefined : [min, max] as const;
  if (count === 0 || sketch === undefined) {
    return { count, missing, worth: whole(effective), histogram, range };
  }
  const { points, cumulative, error } = QuantileSketch.from(sketch).points();
  const worth = worthOfSketch(effective, error);
  const cdf = stepCdf(points, cumulative);
  const outside = ([low, high]: readonly [number, number]) =>
    // The extremes are exact, the shares are not.
    (min! < low ? cdf.below(low) : 0) + (max! > high ? 1 - cdf.atOrBelow(high) : 0);
  return { count, missing, worth, cdf, range, outside };
}

function viewValues(
  values: Float64Array | Float32Array,
  effective: number,
  mostRows: number,
  seed: number,
): NumberView {
  let [count, least, greatest] = [0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!isFinite(value)) continue;
    count++;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const sample = spreadSample(values, count, Math.min(count, mostRows), seed);
  const sorted = sortNumbers(sample);
  // To the noise of all values their sample adds that of not being all.
  const worth = whole(1 / (1 / effective + 1 / sorted.length - 1 / count));
  return {
    count,
    missing: values.length - count,
    worth,
    sorted,
    cdf: stepCdf(sorted),
    range: [least, greatest],
    outside: ([low, high]) => {
      let beyond = 0;
      for (let i = 0; i < values.length; i++) {
        if ((values[i] < low || values[i] > high) && isFinite(values[i])) beyond++;
      }
      return beyond / count;
    },
  };
}

/**
 * The number of rows whose sampling noise is that of `rows` rows and of the
 * sketch together. The bound of 99 % is 2.58 deviations; n rows leave a share
 * uncertain by a deviation of 1/(2√n) at the most.
 */
function worthOfSketch(rows: number, error: number): number {
  const deviation = error / 2.58;
  return whole(rows / (1 + 4 * rows * deviation * deviation));
}

function whole(rows: number): number {
  return Math.max(1, Math.round(rows));
}

/** Infinities minus themselves are NaN too. */
const isFinite = (value: number) => value - value === 0;

/** One of each of `rows` stretches of equal length of the `count` finite values; all if they are as many. */
function spreadSample(
  values: Float64Array | Float32Array,
  count: number,
  rows: number,
  seed: number,
): Float64Array {
  const sample = new Float64Array(rows);
  const random = new Random(seed);
  const stretch = count / rows;
  for (let [i, at, passed] = [0, 0, 0]; i < rows; i++) {
    const wanted = rows === count ? i : Math.floor((i + random.next()) * stretch);
    for (; !isFinite(values[at]) || passed < wanted; at++) if (isFinite(values[at])) passed++;
    sample[i] = values[at];
  }
  return sample;
}

/** The step function of rising points, each of the same weight or with the weights up to it. */
export function stepCdf(points: Float64Array, cumulative?: Float64Array): Cdf {
  const share = cumulative
    ? (index: number) => index === 0 ? 0 : cumulative[index - 1]
    : (index: number) => index / points.length;
  return {
    points,
    atOrBelow: (value) => share(firstWhere(points, (point) => point > value)),
    below: (value) => share(firstWhere(points, (point) => point >= value)),
  };
}

/** The first index for which `holds`, which is false up to there and true from there on. */
function firstWhere(points: Float64Array, holds: (point: number) => boolean): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(points[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
