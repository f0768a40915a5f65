/** How columns of numbers go together, before and now. */

import type { DriftSample } from "../drift/mod.ts";

/** Correlations of the current rows minus those of the reference. */
export interface CorrelationChange {
  /** The columns. */
  readonly names: readonly string[];
  /** Differences by column and column, NaN if one is not defined. */
  readonly change: readonly (readonly number[])[];
}

/** Rows that are looked at, evenly spread. */
const ROWS = 20_000;

/** The change of each pair of columns; undefined if rows are gone, or fewer than two columns. */
export function correlationChange(
  reference: DriftSample,
  current: DriftSample,
  wanted: readonly string[],
): CorrelationChange | undefined {
  const names = wanted.filter((name) =>
    [reference, current].every(({ columns }) =>
      "values" in columns[name] && columns[name].kind === "number"
    )
  );
  if (names.length < 2) return undefined;
  const [was, is] = [reference, current].map((side) => correlations(side, names));
  return { names, change: is.map((row, i) => row.map((value, j) => value - was[i][j])) };
}

/** Pearson's correlation of ranks (Spearman's), which no far value can rule. */
function correlations({ rows, columns }: DriftSample, names: readonly string[]): number[][] {
  const step = Math.max(1, Math.ceil(rows / ROWS));
  const count = Math.floor((rows - 1) / step) + 1;
  const scores = names.map((name) => {
    const column = columns[name];
    const values = "values" in column ? column.values as Float64Array : new Float64Array();
    return standardised(ranks(Float64Array.from({ length: count }, (_, i) => values[i * step])));
  });
  return scores.map((a) => scores.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
}

/** Ranks with ties at their mean; missing values have the mean of all. */
function ranks(values: Float64Array): Float64Array {
  const sorted = values.filter(Number.isFinite).sort();
  return values.map((value) =>
    Number.isFinite(value)
      ? (placeIn(sorted, value, false) + placeIn(sorted, value, true) - 1) / 2
      : (sorted.length - 1) / 2
  );
}

/** How many of rising numbers are below a value, or not above it. */
function placeIn(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return values.map((value) => (value - mean) / length);
}
