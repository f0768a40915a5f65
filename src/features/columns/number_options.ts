/** What is said and learned about numbers, wherever they come from, and the range they are believed in. */

import type { Described } from "./kind.ts";
import type { Decimal } from "./written_number.ts";

/** What may be said about numbers, wherever they come from. */
export interface NumberOptions extends Described {
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
}

/** What numeric columns learn; every number is exact in Float32. */
export interface NumberFit extends Described {
  /** Name of the raw column. */
  readonly name: string;
  /** Smallest value that is believed, null if there is no limit. */
  readonly min: number | null;
  /** Largest value that is believed, null if there is no limit. */
  readonly max: number | null;
  /** Median of the training rows, which stands in for missing values unless they are kept. */
  readonly median: number;
  /** Smaller values become this one; null if there is no such fence. */
  readonly lower: number | null;
  /** Larger values become this one; null if there is no such fence. */
  readonly upper: number | null;
  /** What else becomes of missing values; absent if the median is all. */
  readonly missing?: "keep" | "indicator";
  /** Whether the logarithm of 1 + value is taken. */
  readonly log1p?: true;
  /** What is subtracted and what then divided by; absent if the feature is not scaled. */
  readonly scale?: { readonly centre: number; readonly spread: number };
  /** How its numbers are written in text; absent if plainly. */
  readonly decimal?: Decimal;
}

/** The largest finite Float32: beyond it lie only infinities, which are missing. */
export const largestFloat32 = 3.4028234663852886e38;

/** The range that numbers are believed in. */
export function rangeOf({ min, max, outside, log1p }: NumberOptions): {
  /** Bounds of what is believed, undefined if there is none. */
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

/** Makes what writes a value as Float32, NaN if it is out of range. */
export function believer(options: NumberOptions): (value: number) => number {
  const { min, max } = rangeOf(options).believed;
  const low = min === undefined ? -largestFloat32 : Math.fround(min);
  const high = max === undefined ? largestFloat32 : Math.fround(max);
  return (value) => {
    const single = Math.fround(value);
    return single >= low && single <= high ? single : NaN;
  };
}

/** The range that numbers were believed in, as it is declared. */
export function declaredRange({ min, max }: Pick<NumberFit, "min" | "max">): NumberOptions {
  return { ...(min !== null && { min }), ...(max !== null && { max }) };
}
