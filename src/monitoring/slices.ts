/** The current rows in slices, by time or in the order of the file. */

import type { ColumnSample } from "../drift/mod.ts";
import { momentNames } from "./words.ts";

/** Parts of the current rows of about equal size. */
export interface Slices {
  /** When each slice begins, or which rows it holds. */
  readonly names: readonly string[];
  /** Whether they are slices of time. */
  readonly timed: boolean;
  /** Rows of all slices, one after the other. */
  readonly order: Int32Array;
  /** Where each slice begins in `order`, and the number of rows at the end. */
  readonly edges: readonly number[];
}

/** Slices that are made at most, and rows that each has at least. */
const MOST = 20;
const FEWEST_ROWS = 50;

/** Cuts rows into slices; those without a time are left out. */
export function slicesOf(rows: number, times: Float64Array | undefined): Slices {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const kept = times ? order.filter((row) => Number.isFinite(times[row])) : order;
  if (times) kept.sort((a, b) => times[a] - times[b]);
  const count = Math.max(1, Math.min(MOST, Math.floor(kept.length / FEWEST_ROWS)));
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.floor(i * kept.length / count));
  const first = edges.slice(0, -1);
  const names = times
    ? momentNames(first.map((edge) => times[kept[edge]]))
    : first.map((edge) => String(edge + 1));
  return { names, timed: times !== undefined, order: kept, edges };
}

/** A column slice by slice. */
export interface SlicedColumn {
  /** Mean of the numbers, or share of the category, in each slice; NaN if nothing is there. */
  readonly values: readonly number[];
  /** Share of missing values in each slice. */
  readonly missing: readonly number[];
}

/**
 * A column's mean, or the share of one category, in each slice; undefined where
 * rows and values are not one to one, as in lists, and for texts and dates.
 */
export function sliced(
  sample: ColumnSample,
  { order, edges }: Slices,
  rows: number,
  category: string | undefined,
): SlicedColumn | undefined {
  const numbers = numbersOf(sample, category);
  if (numbers?.length !== rows) return undefined;
  const values: number[] = [];
  const missing: number[] = [];
  for (let slice = 0; slice + 1 < edges.length; slice++) {
    let [sum, count] = [0, 0];
    for (let i = edges[slice]; i < edges[slice + 1]; i++) {
      const value = numbers[order[i]];
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    values.push(sum / count);
    missing.push(1 - count / (edges[slice + 1] - edges[slice]));
  }
  return { values, missing };
}

/** The numbers, or 1 for rows of the category and 0 for those of others; NaN if one is missing. */
function numbersOf(sample: ColumnSample, category: string | undefined) {
  if ("codes" in sample) {
    const wanted = sample.vocabulary.indexOf(category ?? "");
    const { codes } = sample;
    const numbers = new Float32Array(codes.length);
    for (let i = 0; i < codes.length; i++) {
      numbers[i] = codes[i] < 0 ? NaN : Number(codes[i] === wanted);
    }
    return numbers;
  }
  return "values" in sample && sample.kind === "number" ? sample.values : undefined;
}
