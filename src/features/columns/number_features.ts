/** From numbers to their features, by what was learned of them. */

import type { Random } from "../../base/mod.ts";
import { type NumberColumn, sharedFloat32 } from "../clean_data.ts";
import { largestFloat32, type NumberFit } from "./number_options.ts";

/** Names of the features that numbers become. */
export function numberFeatureNames({ name, missing }: NumberFit): string[] {
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

/** From a number, NaN if it is missing, to its first feature. */
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
