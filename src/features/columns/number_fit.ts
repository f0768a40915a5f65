/** What numeric columns learn: median, caps, scale. */

import { DataError, quantileSorted, risingNumbers } from "../../base/mod.ts";
import type { NumberColumn } from "../clean_data.ts";
import { numberFeature } from "./number_features.ts";
import { type NumberFit, type NumberOptions, rangeOf } from "./number_options.ts";

/** The values of `rows` that are there, sorted. */
export function presentSorted({ values }: NumberColumn, rows: Int32Array, name: string) {
  const present = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) if (!Number.isNaN(values[row])) present[count++] = values[row];
  if (count === 0) throw nothingToLearn(name, rows.length);
  return risingNumbers(present.subarray(0, count));
}

/**
 * Learns median, caps and scale from the values of `rows` that are there. A
 * column whose middle half is one value is not capped: its fences would make it
 * constant.
 *
 * @throws {DataError} if no row has a value.
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

/** The error for a column without a value to learn from. */
export function nothingToLearn(name: string, rows: number): DataError {
  return new DataError(
    `Cannot fit column "${name}": none of its ${rows} rows has a usable value`,
    { next: "check its range and format in the feature set, or ignore the column" },
  );
}
