/** What a column holds, in a few numbers: for the data-quality tables. */

import { quantileSorted, type Task, task } from "../base/mod.ts";
import type { ColumnSample, NumericStatistics } from "../drift/mod.ts";

/** A column of one side. Numbers are NaN if there is none. */
export interface ColumnProfile {
  /** What it holds, as `number` or `category`. */
  readonly kind: string;
  /** Distinct categories; NaN for numbers, dates and texts. */
  readonly distinct: number;
  /** Whether all values that are there are the same. */
  readonly constant: boolean;
  /** Smallest value, milliseconds since 1970 for dates. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Standard deviation. */
  readonly sd: number;
  /** Values below the first, or above the second, are far out. */
  readonly fences: readonly [low: number, high: number];
}

/** A column of both sides. */
export interface ColumnProfiles {
  /** What it was learned from, or is compared with. */
  readonly reference: ColumnProfile;
  /** What came since. */
  readonly current: ColumnProfile;
  /** Share of each side's numbers that are far out by the reference's fences; NaN if there is none. */
  readonly farOut: { readonly reference: number; readonly current: number };
}

/** Both sides of a column. */
type Samples = Readonly<Record<"reference" | "current", ColumnSample>>;

/** Profiles both sides of a column in a worker, or right here. */
export const profileTask: Task<Samples, ColumnProfiles> = task(
  import.meta.url,
  "profileTask",
  ({ reference, current }) => {
    const [was, is] = [profileOf(reference), profileOf(current)];
    const farOut = {
      reference: shareFarOut(reference, was.fences),
      current: shareFarOut(current, was.fences),
    };
    return { reference: was, current: is, farOut };
  },
);

/** Rows that quartiles are taken from: evenly spread over the column. */
const QUARTILE_ROWS = 20_000;
/** Interquartile ranges beyond the quartiles from which on a value is far out (Tukey). */
const FAR_OUT = 3;

const nothing = { distinct: NaN, min: NaN, max: NaN, mean: NaN, sd: NaN };
const open = [-Infinity, Infinity] as const;

/** Profiles a column, or what stands for it. */
function profileOf(sample: ColumnSample): ColumnProfile {
  const { kind } = sample;
  if ("quantiles" in sample) return ofStatistics(sample);
  if ("categories" in sample) {
    const { categories, other, count } = sample;
    const distinct = other > 0 ? NaN : categories.length;
    return { ...nothing, kind, distinct, constant: count > 0 && distinct === 1, fences: open };
  }
  if ("codes" in sample) {
    const seen = new Uint8Array(sample.vocabulary.length);
    for (let i = 0; i < sample.codes.length; i++) {
      if (sample.codes[i] >= 0) seen[sample.codes[i]] = 1;
    }
    const distinct = seen.reduce((sum, one) => sum + one, 0);
    return { ...nothing, kind, distinct, constant: distinct === 1, fences: open };
  }
  if (!("values" in sample) || sample.kind === "text") {
    return { ...nothing, kind, constant: false, fences: open };
  }
  return { ...ofNumbers(sample.values), kind };
}

/** The share of the values that are there that lie beyond the fences. */
function shareFarOut(sample: ColumnSample, [low, high]: readonly [number, number]): number {
  if (!("values" in sample) || sample.kind !== "number" || low === -Infinity) return NaN;
  const { values } = sample;
  let [out, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    if (value < low || value > high) out++;
  }
  return out / count;
}

function ofStatistics(sample: NumericStatistics): ColumnProfile {
  const { min, max, mean, sd, quantiles } = sample;
  return {
    kind: "number",
    distinct: NaN,
    constant: min !== null && min === max,
    min: min ?? NaN,
    max: max ?? NaN,
    mean: mean ?? NaN,
    sd: sd ?? NaN,
    // Of 21 quantiles the sixth and the sixteenth are the quartiles.
    fences: fencesOf(quantiles[5], quantiles[15]),
  };
}

function ofNumbers(values: Float64Array | Float32Array): Omit<ColumnProfile, "kind"> {
  let [count, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return { ...nothing, constant: false, fences: open };
  const mean = Number.isFinite(sum) ? sum / count : meanOfHuge(values, count);
  for (let i = 0; i < values.length; i++) {
    const distance = values[i] - mean;
    if (Number.isFinite(distance)) squares += distance * distance;
  }
  const step = Math.max(1, Math.floor(values.length / QUARTILE_ROWS));
  const some = Float64Array.from(
    { length: Math.floor(values.length / step) },
    (_, i) => values[i * step],
  ).filter(Number.isFinite).sort();
  return {
    distinct: NaN,
    constant: min === max,
    min,
    max,
    mean,
    sd: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN,
    fences: fencesOf(quantileSorted(some, 0.25), quantileSorted(some, 0.75)),
  };
}

/** The mean of numbers whose sum is beyond all numbers. */
function meanOfHuge(values: Float64Array | Float32Array, count: number): number {
  let mean = 0;
  for (const value of values) if (Number.isFinite(value)) mean += value / count;
  return mean;
}

/** Open if the middle half of the values is one value: then any other would be far out. */
function fencesOf(low = NaN, high = NaN): readonly [number, number] {
  const range = FAR_OUT * (high - low);
  return range > 0 ? [low - range, high + range] : open;
}
