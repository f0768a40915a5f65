/** What a model's metadata keeps of each column, so that later data can be compared with it. */

import { quantileSorted, sortedFinite } from "../base/mod.ts";
import type { QuantileSketchState } from "./quantile_sketch.ts";

/** How a numeric column was distributed. Plain JSON: no NaN, null where nothing was there. */
export interface NumericStatistics {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
  /** Number of values that were there. */
  readonly count: number;
  /** Number of missing values. */
  readonly missing: number;
  /** Arithmetic mean. */
  readonly mean: number | null;
  /** Standard deviation of the sample (divisor count − 1), null below two values. */
  readonly sd: number | null;
  /** Smallest value. */
  readonly min: number | null;
  /** Largest value. */
  readonly max: number | null;
  /** Quantiles 0, 0.05, …, 1 by linear interpolation; 21 numbers, none where nothing was there. */
  readonly quantiles: readonly number[];
  /** Counts between the deciles. */
  readonly histogram: Histogram;
  /** The whole distribution in small; what an older version wrote has none. */
  readonly sketch?: QuantileSketchState;
}

/** Counts of values in bins whose first and last are open to infinity. */
export interface Histogram {
  /** Rising edges between bins; a value on an edge belongs to the bin below it. */
  readonly edges: readonly number[];
  /** Number of values in each bin, one more than there are edges. */
  readonly counts: readonly number[];
}

/** How a column of categories was distributed. */
export interface CategoryStatistics {
  /** Tells the kinds of columns apart. */
  readonly kind: "category";
  /** Number of values that were there. */
  readonly count: number;
  /** Number of missing values. */
  readonly missing: number;
  /** The most frequent categories, most frequent first, at most 256. */
  readonly categories: readonly { readonly name: string; readonly count: number }[];
  /** Number of values of all other categories together. */
  readonly other: number;
}

const QUANTILE_STEPS = 20;
const BINS = 10;
const MAX_CATEGORIES = 256;

/**
 * Statistics of a numeric column. NaN and infinities count as missing.
 *
 * The edges of the histogram are the deciles without repeats, so that each bin
 * holds about a tenth of the values: the usual bins of the population stability
 * index.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { count, missing, mean } = numericStatistics([1, 2, NaN, 6]);
 * assertEquals({ count, missing, mean }, { count: 3, missing: 1, mean: 3 });
 * ```
 */
export function numericStatistics(values: ArrayLike<number>): NumericStatistics {
  const sorted = sortedFinite(Array.from(values));
  const count = sorted.length;
  const missing = values.length - count;
  if (count === 0) {
    const nothing = { mean: null, sd: null, min: null, max: null, quantiles: [] };
    return { kind: "number", count, missing, ...nothing, histogram: { edges: [], counts: [0] } };
  }
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    kind: "number",
    count,
    missing,
    mean,
    sd: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    min: sorted[0],
    max: sorted[count - 1],
    quantiles: evenQuantiles(sorted, QUANTILE_STEPS),
    histogram: histogramOf(sorted, [...new Set(evenQuantiles(sorted, BINS).slice(1, -1))]),
  };
}

/**
 * Statistics of a column of categories.
 *
 * @param codes Index into the vocabulary for each value; a negative one is missing.
 * @param vocabulary Names of the categories.
 * @throws {RangeError} where a code is beyond the vocabulary.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { categories, missing } = categoryStatistics([0, 1, 1, -1], ["No", "Yes"]);
 * assertEquals(categories, [{ name: "Yes", count: 2 }, { name: "No", count: 1 }]);
 * assertEquals(missing, 1);
 * ```
 */
export function categoryStatistics(
  codes: ArrayLike<number>,
  vocabulary: readonly string[],
): CategoryStatistics {
  const counts = new Float64Array(vocabulary.length);
  let missing = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code >= vocabulary.length) {
      throw new RangeError(
        `Cannot count categories: code ${code} is beyond the vocabulary of ${vocabulary.length}`,
      );
    }
    if (code < 0) missing++;
    else counts[code]++;
  }
  const seen = vocabulary.map((name, code) => ({ name, count: counts[code] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const other = seen.slice(MAX_CATEGORIES).reduce((sum, { count }) => sum + count, 0);
  return {
    kind: "category",
    count: codes.length - missing,
    missing,
    categories: seen.slice(0, MAX_CATEGORIES),
    other,
  };
}

function evenQuantiles(sorted: Float64Array, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => quantileSorted(sorted, i / steps));
}

function histogramOf(sorted: Float64Array, edges: readonly number[]): Histogram {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value > edges[bin]) bin++;
    counts[bin]++;
  }
  return { edges, counts };
}
