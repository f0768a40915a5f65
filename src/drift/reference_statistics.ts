/** What a model's metadata keeps of each column, so that later data can be compared with it. */

import { quantileSorted, sortedFinite } from "../base/mod.ts";
import { countCategories } from "./category_counts.ts";
import type { CategoryStatistics, NumericStatistics } from "./column_statistics.ts";
import { effectiveCounts, worthOf } from "./effective_sample_size.ts";
import { QuantileSketch } from "./quantile_sketch.ts";

const QUANTILE_STEPS = 20;
const BINS = 10;
/** Categories that are kept by name. */
export const MOST_CATEGORIES = 256;

/**
 * Statistics of a numeric column. NaN and infinities count as missing.
 *
 * The edges of the histogram are the deciles without repeats, so that each bin
 * holds about a tenth of the values: the usual bins of the population stability
 * index.
 *
 * @param groups Group of each value, from 0 on, where rows come in groups.
 * @param designEffect How many times chance's variance is that of such rows, 1 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { count, missing, mean } = numericStatistics([1, 2, NaN, 6]);
 * assertEquals({ count, missing, mean }, { count: 3, missing: 1, mean: 3 });
 * ```
 */
export function numericStatistics(
  values: ArrayLike<number>,
  groups?: ArrayLike<number>,
  designEffect = 1,
): NumericStatistics {
  const sorted = sortedFinite(Array.from(values));
  const count = sorted.length;
  const missing = values.length - count;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sketch = new QuantileSketch();
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) sketch.add(values[i]);
  const moments = { count, missing, mean, squares, min: sorted[0], max: sorted[count - 1] };
  const statistics = summaryStatistics(
    moments,
    (share) => quantileSorted(sorted, share),
    (edges) => countsOf(sorted, edges),
    sketch,
  );
  if (groups === undefined && designEffect === 1) return statistics;
  const column = { kind: "number", values: Float64Array.from(values) } as const;
  const worth = groups === undefined ? worthOf(statistics) : effectiveCounts(column, groups);
  const effective = { ...worth, values: Math.max(Math.min(1, count), worth.values / designEffect) };
  return { ...statistics, effective };
}

/** What is known of a column without its order. */
export interface Moments {
  /** Values that were there. */
  readonly count: number;
  /** Values that were missing. */
  readonly missing: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
}

/** Puts statistics together from moments, quantiles and counts between edges. */
export function summaryStatistics(
  { count, missing, mean, squares, min, max }: Moments,
  quantile: (share: number) => number,
  countBetween: (edges: readonly number[]) => number[],
  sketch: QuantileSketch,
): NumericStatistics {
  if (count === 0) {
    const nothing = { mean: null, sd: null, min: null, max: null, quantiles: [] };
    const histogram = { edges: [], counts: [0] };
    return { kind: "number", count, missing, ...nothing, histogram, sketch: sketch.toJSON() };
  }
  const even = (steps: number) => Array.from({ length: steps + 1 }, (_, i) => quantile(i / steps));
  const edges = [...new Set(even(BINS).slice(1, -1))];
  return {
    kind: "number",
    count,
    missing,
    mean,
    sd: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    min,
    max,
    quantiles: even(QUANTILE_STEPS),
    histogram: { edges, counts: countBetween(edges) },
    sketch: sketch.toJSON(),
  };
}

/**
 * Statistics of a column of categories.
 *
 * @param codes Index into the vocabulary for each value; a negative one is missing.
 * @param vocabulary Names of the categories.
 * @param groups Group of each value, from 0 on, where rows come in groups.
 * @throws {RangeError} if a code is beyond the vocabulary.
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
  groups?: ArrayLike<number>,
): CategoryStatistics {
  const column = { kind: "category", codes, vocabulary } as const;
  const { count, missing, byName } = countCategories(column);
  const statistics = mostFrequentCategories(byName, count, missing);
  return groups ? { ...statistics, effective: effectiveCounts(column, groups) } : statistics;
}

/** The most frequent categories, and all others as one number. */
export function mostFrequentCategories(
  byName: ReadonlyMap<string, number>,
  count: number,
  missing: number,
): CategoryStatistics {
  const categories = [...byName].map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
  const other = count - categories.reduce((sum, { count }) => sum + count, 0);
  return { kind: "category", count, missing, categories, other };
}

function countsOf(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value > edges[bin]) bin++;
    counts[bin]++;
  }
  return counts;
}
