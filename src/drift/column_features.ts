/** Columns of two samples as features that a classifier can read. */

import { countCategories } from "./category_counts.ts";
import type { CategorySample, NumberSample } from "./sample.ts";

/** A feature that is not 0, and its value. */
export type FeatureValue = readonly [feature: number, value: number];

/** What one column becomes. */
export interface ColumnFeatures {
  /** Number of features. */
  readonly size: number;
  /** Entries of each row, those of the reference first. */
  readonly entries: readonly (readonly FeatureValue[])[];
  /** Standardised ranks of numbers, NaN if missing; undefined for categories. */
  readonly scores?: Float64Array;
}

const BINS = 10;
const MOST_CATEGORIES = 20;

/**
 * A number becomes its standardised rank among the rows of both sides, and the
 * tenth of the ranks that it lies in; missing is a feature of its own.
 */
export function rankFeatures(
  [reference, current]: readonly [NumberSample, NumberSample],
  [referenceRows, currentRows]: readonly [Int32Array, Int32Array],
): ColumnFeatures {
  const values = Float64Array.from([
    ...Array.from(referenceRows, (row) => reference.values[row]),
    ...Array.from(currentRows, (row) => current.values[row]),
  ]);
  const order = Array.from(values.keys()).filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => values[a] - values[b]);
  const scores = new Float64Array(values.length).fill(NaN);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    const share = (start + end) / 2 / order.length;
    // Uniform ranks have a variance of 1/12.
    for (let i = start; i < end; i++) scores[order[i]] = (share - 0.5) * Math.sqrt(12);
  }
  const entries = Array.from(scores, (score): FeatureValue[] => {
    if (Number.isNaN(score)) return [[0, 1]];
    const bin = Math.min(BINS - 1, Math.floor((score / Math.sqrt(12) + 0.5) * BINS));
    return [[1, score], [2 + bin, 1]];
  });
  return { size: 2 + BINS, entries, scores };
}

/** A category becomes a feature of its own; rare ones, and missing ones, share one. */
export function categoryFeatures(
  columns: readonly [CategorySample, CategorySample],
  rows: readonly [Int32Array, Int32Array],
): ColumnFeatures {
  const frequent = [...countCategories(columns[0]).byName].sort(([, a], [, b]) => b - a)
    .slice(0, MOST_CATEGORIES);
  const places = new Map(frequent.map(([name], i) => [name, i]));
  const entries = columns.flatMap(({ codes, vocabulary }, side) =>
    Array.from(rows[side], (row): FeatureValue[] => {
      const code = codes[row];
      const place = code < 0 ? places.size + 1 : places.get(vocabulary[code]) ?? places.size;
      return [[place, 1]];
    })
  );
  return { size: places.size + 2, entries };
}
