/** Numeric columns: out of range is missing, missing is the median, outliers are capped. */

import { DataError, quantileSorted } from "../../base/mod.ts";
import type { Cell } from "../../table/mod.ts";
import { type NumberColumn, sharedFloat32 } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import { wrongType } from "../missing.ts";

/** What may be said about a numeric column. */
export interface NumberOptions {
  /** Smallest value that is believed; anything below is missing. */
  readonly min?: number;
  /** Largest value that is believed; anything above is missing. */
  readonly max?: number;
  /**
   * Whether outliers are moved to the fences of Tukey's box plot, 1.5
   * interquartile ranges outside the quartiles; true unless it is set.
   */
  readonly cap?: boolean;
  /** What the column means, for the model's input schema. */
  readonly description?: string;
}

/** A numeric column of a feature set. */
export interface NumberSpec extends NumberOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
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
  /** Stands in for missing values. */
  readonly median: number;
  /** Smaller values become this one; null where the column is not capped. */
  readonly lower: number | null;
  /** Larger values become this one; null where the column is not capped. */
  readonly upper: number | null;
}

/** A fitted numeric column. */
export interface NumberState extends NumberFit {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
}

/** The largest finite Float32: beyond it lie only infinities, which are missing. */
export const largestFloat32 = 3.4028234663852886e38;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A numeric column. Text such as `28_` or `__10000__` loses its underscores;
 * what is no number then, or lies out of range, is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(number({ min: 14, max: 100 }), { kind: "number", min: 14, max: 100 });
 * ```
 */
export function number(options: NumberOptions = {}): NumberSpec {
  return { kind: "number", ...options };
}

/**
 * The number that `text` holds, NaN where it holds none. Underscores and
 * surrounding blanks do not count.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["28_", "__10000__", "-500", "_", "0x1F"].map(parseNumber), [28, 10000, -500, NaN, NaN]);
 * ```
 */
export function parseNumber(text: string): number {
  const plain = text.includes("_") ? text.replaceAll("_", "").trim() : text.trim();
  return decimal.test(plain) ? Number(plain) : NaN;
}

/** Writes `value` as Float32, NaN where it is out of range. */
export function believable(value: number, { min, max }: NumberOptions): number {
  const single = Math.fround(value);
  const low = min === undefined ? -largestFloat32 : Math.fround(min);
  const high = max === undefined ? largestFloat32 : Math.fround(max);
  return single >= low && single <= high ? single : NaN;
}

/** Parses the cells of a numeric column. */
export function cleanNumber(spec: NumberSpec, name: string, cells: readonly Cell[]): NumberColumn {
  const values = sharedFloat32(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    let value: number;
    if (typeof cell === "number") value = cell;
    else if (typeof cell === "string") value = parseNumber(cell);
    else if (cell === null || cell === undefined) value = NaN;
    else throw wrongType(cell, name, i, "numbers");
    values[i] = believable(value, spec);
  }
  return { kind: "numbers", values };
}

/**
 * Learns median and caps from the values of `rows` that are there. A column
 * whose middle half is one value is not capped: its fences would make it
 * constant.
 *
 * @throws {DataError} where no row has a value.
 */
export function fitNumbers(
  { min, max, cap = true, description }: NumberOptions,
  name: string,
  { values }: NumberColumn,
  rows: Int32Array,
): NumberFit {
  const present = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) if (!Number.isNaN(values[row])) present[count++] = values[row];
  if (count === 0) throw nothingToLearn(name, rows.length);
  const sorted = present.subarray(0, count).sort();
  const [q1, q3] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
  const fence = 1.5 * (q3 - q1);
  const capped = cap && fence > 0;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    min: min === undefined ? null : Math.fround(min),
    max: max === undefined ? null : Math.fround(max),
    median: Math.fround(quantileSorted(sorted, 0.5)),
    lower: capped ? Math.fround(q1 - fence) : null,
    upper: capped ? Math.fround(q3 + fence) : null,
  };
}

/** Imputes and caps `rows` into `out`. */
export function transformNumbers(
  state: NumberFit,
  { values }: NumberColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const featureOf = numberFeature(state);
  for (let i = 0; i < rows.length; i++) out[i] = featureOf(values[rows[i]]);
}

/** From a number, NaN where it is missing, to its feature. */
export function numberFeature(
  { min, max, median, lower, upper }: NumberFit,
): (value: number) => number {
  const least = min ?? -largestFloat32;
  const most = max ?? largestFloat32;
  const low = lower ?? -largestFloat32;
  const high = upper ?? largestFloat32;
  return (value) => {
    const single = Math.fround(value);
    const filled = single >= least && single <= most ? single : median;
    return filled < low ? low : filled > high ? high : filled;
  };
}

/** What a request may send for a numeric column. */
export function numberInput({ name, min, max, description }: NumberFit): InputField {
  return {
    name,
    kind: "number",
    required: false,
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
    ...(description === undefined ? {} : { description }),
  };
}

/** The error for a column without a value to learn from. */
export function nothingToLearn(name: string, rows: number): DataError {
  return new DataError(
    `Cannot fit column "${name}": none of its ${rows} rows has a usable value`,
    { next: "check its range and format in the feature set, or ignore the column" },
  );
}
