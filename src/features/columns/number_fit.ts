/** What numeric columns learn, and how it is applied: range, gaps, caps, logarithm, scale. */

import { DataError, quantileSorted, type Random } from "../../base/mod.ts";
import { type NumberColumn, sharedFloat32 } from "../clean_data.ts";
import type { Decimal } from "./written_number.ts";

/** What may be said about numbers, wherever they come from. */
export interface NumberOptions {
  /** Smallest value that is believed; anything below is missing. */
  readonly min?: number;
  /** Largest value that is believed; anything above is missing. */
  readonly max?: number;
  /** Whether values out of range are missing, or moved to the bound; missing unless it is set. */
  readonly outside?: "missing" | "clip";
  /**
   * What a missing value becomes: the median of the training rows, which is so
   * unless it is set; NaN, which trees split by; or the median beside a feature
   * `<name>_missing` of 0 or 1.
   */
  readonly missing?: "median" | "keep" | "indicator";
  /**
   * Whether outliers are moved to the fences of Tukey's box plot, 1.5
   * interquartile ranges outside the quartiles; true unless it is set.
   */
  readonly cap?: boolean;
  /** Whether the feature is log(1 + value); values below 0 are then out of range. */
  readonly log1p?: boolean;
  /**
   * How the feature is scaled, by what is there of the training rows after caps
   * and logarithm: to mean 0 and deviation 1, to 0 … 1, or to median 0 and
   * interquartile range 1. A constant is only moved.
   */
  readonly scale?: "standard" | "minmax" | "robust";
  /** What the column means, for the model's input schema. */
  readonly description?: string;
}

/** What numeric columns learn; every number is exact in Float32. */
export interface NumberFit {
  /** Name of the raw column. */
  readonly name: string;
  /** What the column means. */
  readonly description?: string;
  /** Smallest value that is believed, null where there is no limit. */
  readonly min: number | null;
  /** Largest value that is believed, null where there is no limit. */
  readonly max: number | null;
  /** Median of the training rows, which stands in for missing values unless they are kept. */
  readonly median: number;
  /** Smaller values become this one; null where there is no such fence. */
  readonly lower: number | null;
  /** Larger values become this one; null where there is no such fence. */
  readonly upper: number | null;
  /** What else becomes of missing values; absent where the median is all. */
  readonly missing?: "keep" | "indicator";
  /** Whether the logarithm of 1 + value is taken. */
  readonly log1p?: true;
  /** What is subtracted and what then divided by; absent where the feature is not scaled. */
  readonly scale?: { readonly centre: number; readonly spread: number };
  /** How its numbers are written in text; absent where plainly. */
  readonly decimal?: Decimal;
}

/** The largest finite Float32: beyond it lie only infinities, which are missing. */
export const largestFloat32 = 3.4028234663852886e38;

/** The range that numbers are believed in. */
export function rangeOf({ min, max, outside, log1p }: NumberOptions): {
  /** Bounds of what is believed, undefined where there is none. */
  readonly believed: { readonly min?: number; readonly max?: number };
  /** Bounds that values are moved to. */
  readonly clip: { readonly min?: number; readonly max?: number };
} {
  const range = { min: min ?? (log1p ? 0 : undefined), max };
  return outside === "clip" ? { believed: {}, clip: range } : { believed: range, clip: {} };
}

/** What contradicts itself in what is said about numbers. */
export function numberFault(
  { min, max, outside, log1p }: NumberOptions,
  column: string,
): string | undefined {
  const [low, high] = [min ?? -Infinity, max ?? Infinity];
  if (!(low < high)) return `range of ${column} is empty: ${low} to ${high}`;
  if (log1p && low < 0 && min !== undefined) {
    return `range of ${column} starts at ${min}, log1p needs 0 or more`;
  }
  if (log1p && high <= 0) return `range of ${column} ends at ${max}, log1p needs more than 0`;
  if (outside === "clip" && min === undefined && max === undefined && !log1p) {
    return `range of ${column} is missing, clipping needs min or max`;
  }
}

/** Makes what writes a value as Float32, NaN where it is out of range. */
export function believer(options: NumberOptions): (value: number) => number {
  const { min, max } = rangeOf(options).believed;
  const low = min === undefined ? -largestFloat32 : Math.fround(min);
  const high = max === undefined ? largestFloat32 : Math.fround(max);
  return (value) => {
    const single = Math.fround(value);
    return single >= low && single <= high ? single : NaN;
  };
}

/** The values of `rows` that are there, sorted. */
export function presentSorted({ values }: NumberColumn, rows: Int32Array, name: string) {
  const present = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) if (!Number.isNaN(values[row])) present[count++] = values[row];
  if (count === 0) throw nothingToLearn(name, rows.length);
  return present.subarray(0, count).sort();
}

/**
 * Learns median, caps and scale from the values of `rows` that are there. A
 * column whose middle half is one value is not capped: its fences would make it
 * constant.
 *
 * @throws {DataError} where no row has a value.
 */
export function fitNumbers(
  options: NumberOptions,
  name: string,
  column: NumberColumn,
  rows: Int32Array,
): NumberFit {
  const { cap = true, log1p, description, missing = "median", scale } = options;
  const { believed, clip } = rangeOf(options);
  const sorted = presentSorted(column, rows, name);
  if (options.outside === "clip") sorted.forEach((value, i) => sorted[i] = within(value, clip));
  const [q1, q3] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
  const fence = 1.5 * (q3 - q1);
  const capped = cap && fence > 0;
  const lower = capped ? Math.max(q1 - fence, clip.min ?? -Infinity) : clip.min;
  const upper = capped ? Math.min(q3 + fence, clip.max ?? Infinity) : clip.max;
  const fitted: NumberFit = {
    name,
    ...(description === undefined ? {} : { description }),
    min: believed.min === undefined ? null : Math.fround(believed.min),
    max: believed.max === undefined ? null : Math.fround(believed.max),
    median: Math.fround(quantileSorted(sorted, 0.5)),
    lower: lower === undefined ? null : Math.fround(lower),
    upper: upper === undefined ? null : Math.fround(upper),
    ...(missing !== "median" && { missing }),
    ...(log1p && { log1p }),
    ...(column.decimal && { decimal: column.decimal }),
  };
  if (scale === undefined) return fitted;
  const featureOf = numberFeature(fitted);
  return { ...fitted, scale: scaleOf(sorted.map(featureOf), scale) };
}

function within(value: number, { min, max }: { readonly min?: number; readonly max?: number }) {
  if (min !== undefined && value < min) return min;
  return max !== undefined && value > max ? max : value;
}

/** What scales sorted values, as scikit-learn's scalers of the same names do. */
function scaleOf(sorted: Float32Array, scale: NonNullable<NumberOptions["scale"]>) {
  const [centre, spread] = scalers[scale](sorted);
  return { centre: Math.fround(centre), spread: Math.fround(spread) || 1 };
}

const scalers: Record<
  NonNullable<NumberOptions["scale"]>,
  (sorted: Float32Array) => [centre: number, spread: number]
> = {
  standard(sorted) {
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    // One value many times has a mean that rounding may move off it.
    if (sorted[0] === sorted[sorted.length - 1]) return [sorted[0], 0];
    return [mean, Math.sqrt(squares / sorted.length)];
  },
  minmax: (sorted) => [sorted[0], sorted[sorted.length - 1] - sorted[0]],
  robust(sorted) {
    const [q1, q2, q3] = [0.25, 0.5, 0.75].map((q) => quantileSorted(sorted, q));
    return [q2, q3 - q1];
  },
};

/** Names of the features that numbers become. */
export function numberFeatures({ name, missing }: NumberFit): string[] {
  return missing === "indicator" ? [name, `${name}_missing`] : [name];
}

/** Imputes, caps and scales `rows` into `out`. */
export function transformNumbers(
  state: NumberFit,
  { values }: NumberColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const featureOf = numberFeature(state);
  for (let i = 0; i < rows.length; i++) out[i] = featureOf(values[rows[i]]);
  if (state.missing !== "indicator") return;
  const isThere = believedBy(state);
  for (let i = 0; i < rows.length; i++) out[rows.length + i] = isThere(values[rows[i]]) ? 0 : 1;
}

/** Writes the features of a number to a row, from place `first` on. */
export function numberWriter(
  state: NumberFit,
  first: number,
): (value: number, row: Float32Array) => void {
  const featureOf = numberFeature(state);
  if (state.missing !== "indicator") return (value, row) => row[first] = featureOf(value);
  const isThere = believedBy(state);
  return (value, row) => {
    row[first] = featureOf(value);
    row[first + 1] = isThere(value) ? 0 : 1;
  };
}

function believedBy({ min, max }: Pick<NumberFit, "min" | "max">): (value: number) => boolean {
  const [least, most] = [min ?? -largestFloat32, max ?? largestFloat32];
  return (value) => {
    const single = Math.fround(value);
    return single >= least && single <= most;
  };
}

/** From a number, NaN where it is missing, to its first feature. */
export function numberFeature(
  { min, max, median, lower, upper, missing, log1p, scale }: NumberFit,
): (value: number) => number {
  const least = min ?? -largestFloat32;
  const most = max ?? largestFloat32;
  const low = lower ?? -largestFloat32;
  const high = upper ?? largestFloat32;
  const fill = missing === "keep" ? NaN : median;
  const capped = (value: number) => {
    const single = Math.fround(value);
    const filled = single >= least && single <= most ? single : fill;
    return filled < low ? low : filled > high ? high : filled;
  };
  if (!log1p && scale === undefined) return capped;
  const { centre, spread } = scale ?? { centre: 0, spread: 1 };
  // In this order and precision the exported graph computes too.
  return (value) => {
    const plain = capped(value);
    const taken = log1p ? Math.fround(Math.log(1 + plain)) : plain;
    return scale ? Math.fround(Math.fround(taken - centre) / spread) : taken;
  };
}

/** The range that numbers were believed in, as it is declared. */
export function declaredRange({ min, max }: Pick<NumberFit, "min" | "max">): NumberOptions {
  return { ...(min !== null && { min }), ...(max !== null && { max }) };
}

/** Whether a number is missing or believed. */
export function understandsNumbers(
  { min, max }: Pick<NumberFit, "min" | "max">,
): (value: number) => boolean {
  const isThere = believedBy({ min, max });
  return (value) => Number.isNaN(value) || isThere(value);
}

/** Numbers that the column tells apart, each with its neighbours in Float32. */
export function numberBorders({ min, max, median, lower, upper }: NumberFit): number[] {
  const borders = [min, max, lower, upper].filter((value) => value !== null);
  return [
    ...new Set([
      ...[NaN, Infinity, -Infinity, 0, median, largestFloat32, -largestFloat32],
      ...borders.flatMap((value) => [value, besideFloat32(value, 1), besideFloat32(value, -1)]),
    ]),
  ];
}

/** The next Float32 above (`step` 1) or below (−1) a finite one. */
export function besideFloat32(value: number, step: 1 | -1): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  if (value === 0) bits.setInt32(0, step > 0 ? 1 : -0x7fffffff);
  else bits.setInt32(0, bits.getInt32(0) + (value > 0 ? step : -step));
  return bits.getFloat32(0);
}

/** A number within the column's range or a little beyond. */
export function drawNumber({ min, max, median, lower, upper }: NumberFit, random: Random): number {
  const low = lower ?? min ?? median - 1;
  const high = upper ?? max ?? median + 1;
  const margin = (high - low) / 10;
  return Math.fround(random.uniform(low - margin, high + margin));
}

/** Numbers of `rows`. */
export function takeNumbers({ values }: NumberColumn, rows: Int32Array): Float32Array {
  return Float32Array.from(rows, (row) => values[row]);
}

/** A column of numbers that are computed one by one. */
export function numberColumn(rows: number, valueOf: (row: number) => number): NumberColumn {
  const values = sharedFloat32(rows);
  for (let row = 0; row < rows; row++) values[row] = valueOf(row);
  return { kind: "numbers", values };
}

/** The error for a column without a value to learn from. */
export function nothingToLearn(name: string, rows: number): DataError {
  return new DataError(
    `Cannot fit column "${name}": none of its ${rows} rows has a usable value`,
    { next: "check its range and format in the feature set, or ignore the column" },
  );
}
