/** Columns of numbers as columns of small whole numbers, which trees are grown on. */

// Not through mod.ts: a worker that bins or grows trees has no use for Polars.
import { RisingOrder } from "../base/mod.ts";
import { column, type Matrix } from "../dataset/mod.ts";

/** Code of a missing value in every column. */
export const missingCode = 255;

/** The most bins of values that a column can have. */
export const maxValueBins = 255;

/** The highest Float32: a threshold that every value meets, so that only missing ones go right. */
export const highestFloat32 = 3.4028234663852886e38;

/** Columns with more distinct values than this are sorted, others are searched. */
const fewValues = 16;

/** Codes with room for every bin and the missing value. */
export const codes = 256;

/** A matrix in bins: plain data over shared memory, for all trees of a fit. */
export interface BinnedMatrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** Bin of each value, {@link missingCode} for NaN, column-major, shape [columns × rows]. */
  readonly codes: Uint8Array<SharedArrayBuffer>;
  /** Number of bins of each column, without the missing one, shape [columns]. */
  readonly bins: Int32Array<SharedArrayBuffer>;
  /** 1 if a column holds categories, a bin each, shape [columns]. */
  readonly categorical: Uint8Array<SharedArrayBuffer>;
  /** 1 if a column has missing values, shape [columns]. */
  readonly hasMissing: Uint8Array<SharedArrayBuffer>;
  /** Lowest value seen in each bin: bin b of column j is at `j * 256 + b`. */
  readonly low: Float32Array<SharedArrayBuffer>;
  /** Highest value seen in each bin, laid out as `low`. */
  readonly high: Float32Array<SharedArrayBuffer>;
}

/** Columns to bin, and room for their bins. */
export interface BinningProblem {
  /** The columns. */
  readonly X: Matrix;
  /** Most bins of values of a column, 1 to 255. */
  readonly maxBins: number;
  /** Weight of each row; 1 if it is left out. */
  readonly sampleWeight: Float32Array | undefined;
  /** What is written. */
  readonly binned: BinnedMatrix;
}

/** Bins one column after another, in any order. */
export function columnBinner(
  { X, maxBins, sampleWeight, binned }: BinningProblem,
): (j: number) => void {
  const { rows } = X;
  const order = new RisingOrder(rows);
  return (j) => {
    const values = column(X, j);
    const low = binned.low.subarray(j * codes, (j + 1) * codes);
    const high = binned.high.subarray(j * codes, (j + 1) * codes);
    const ofColumn = binned.codes.subarray(j * rows, (j + 1) * rows);
    if (binned.categorical[j]) {
      binned.bins[j] = binCategories(values, sampleWeight, low, ofColumn);
      high.set(low);
      binned.hasMissing[j] = ofColumn.includes(missingCode) ? 1 : 0;
      return;
    }
    const distinct = findDistinct(values, Math.min(maxBins, fewValues), low);
    if (distinct === undefined) {
      const present = order.sort(values);
      const rising = {
        values: order.values.subarray(0, present),
        rows: order.rows.subarray(0, present),
      };
      binned.bins[j] = binsOfEqualWeight(rising, sampleWeight, maxBins, low, high);
      encodeRising(rising, high, ofColumn);
      binned.hasMissing[j] = present < rows ? 1 : 0;
    } else {
      binned.bins[j] = distinct;
      high.set(low);
      encode(values, low, distinct, ofColumn);
      binned.hasMissing[j] = hasNaN(values) ? 1 : 0;
    }
  };
}

/**
 * A bin for each category, in rising order; of more than there are bins for, the
 * heaviest have one, of equally heavy ones the lowest, and others are missing.
 */
function binCategories(
  values: Float32Array,
  sampleWeight: Float32Array | undefined,
  low: Float32Array,
  codes: Uint8Array,
): number {
  const weights = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    // Minus zero is the category 0, too.
    const category = values[i] + 0;
    if (category !== category) continue;
    weights.set(category, (weights.get(category) ?? 0) + (sampleWeight ? sampleWeight[i] : 1));
  }
  const kept = [...weights].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b).slice(0, maxValueBins)
    .map(([category]) => category).sort((a, b) => a - b);
  low.set(kept);
  const binOf = new Map(kept.map((category, bin) => [category, bin]));
  for (let i = 0; i < values.length; i++) codes[i] = binOf.get(values[i] + 0) ?? missingCode;
  return kept.length;
}

/**
 * A threshold between bins `left` and `right` of column `j`: the value midway,
 * as scikit-learn's. Float32 rounding never lifts it to the right bin's values.
 */
export function thresholdBetween(
  { low, high }: BinnedMatrix,
  j: number,
  left: number,
  right: number,
): number {
  const below = high[j * codes + left];
  const above = low[j * codes + right];
  const midway = Math.fround(below / 2 + above / 2);
  return midway < above ? midway : below;
}

/**
 * Collects the distinct values in rising order in `distinct` and gives their
 * number, or nothing if there are more than `limit`: quicker than sorting,
 * and most columns of most tables have few.
 */
function findDistinct(
  values: Float32Array,
  limit: number,
  distinct: Float32Array,
): number | undefined {
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    const below = count > 0 && distinct[0] <= value ? lastAtMost(distinct, count, value) : -1;
    if (below >= 0 && distinct[below] === value) continue;
    if (count === limit) return undefined;
    distinct.copyWithin(below + 2, below + 1, count);
    distinct[below + 1] = value;
    count++;
  }
  return count;
}

/** Numbers of a column in rising order and their rows, those without a number left out. */
interface Rising {
  readonly values: Float32Array;
  readonly rows: Int32Array;
}

function binsOfEqualWeight(
  { values, rows }: Rising,
  sampleWeight: Float32Array | undefined,
  maxBins: number,
  low: Float32Array,
  high: Float32Array,
): number {
  const distinct = new Float32Array(rows.length);
  const weight = new Float64Array(rows.length);
  let distinctCount = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[i];
    if (i === 0 || value !== distinct[distinctCount - 1]) distinct[distinctCount++] = value;
    weight[distinctCount - 1] += sampleWeight ? sampleWeight[rows[i]] : 1;
  }
  if (distinctCount <= maxBins) {
    low.set(distinct.subarray(0, distinctCount));
    high.set(low);
    return distinctCount;
  }
  let remaining = 0;
  for (let d = 0; d < distinctCount; d++) remaining += weight[d];
  let bins = 0;
  let filled = 0;
  for (let d = 0; d < distinctCount; d++) {
    if (filled === 0) low[bins] = distinct[d];
    filled += weight[d];
    high[bins] = distinct[d];
    // What is left is shared anew over the bins that are left, so that heavy
    // values do not starve the rest of bins. A bin also closes before a value
    // that would fill one alone.
    const target = remaining / (maxBins - bins);
    const nextIsHeavy = d + 1 < distinctCount && weight[d + 1] >= target;
    if (bins + 1 < maxBins && filled > 0 && (filled >= target || nextIsHeavy)) {
      bins++;
      remaining -= filled;
      filled = 0;
    }
  }
  return filled > 0 || bins === 0 ? bins + 1 : bins;
}

/** Codes of a column by going through its bins once. */
function encodeRising({ values, rows }: Rising, high: Float32Array, codes: Uint8Array): void {
  codes.fill(missingCode);
  let bin = 0;
  for (let i = 0; i < rows.length; i++) {
    while (values[i] > high[bin]) bin++;
    codes[rows[i]] = bin;
  }
}

function encode(
  values: Float32Array,
  low: Float32Array,
  bins: number,
  codes: Uint8Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    codes[i] = value === value ? lastAtMost(low, bins, value) : missingCode;
  }
}

/** The last of the first `count` rising numbers that is at most `value`; 0 if none is. */
function lastAtMost(rising: Float32Array, count: number, value: number): number {
  let from = 0;
  let length = count;
  while (length > 1) {
    const half = length >> 1;
    from = rising[from + half] <= value ? from + half : from;
    length -= half;
  }
  return from;
}

function hasNaN(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) return true;
  return false;
}
