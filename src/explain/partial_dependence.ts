/** How predictions move with one column, whatever the model. */

import { YieldingLoop } from "../base/mod.ts";

/** Predictions of all rows, output by output, shape [outputs × rows]. */
export type RowPredictions = Float32Array | Float64Array;

/** What predictions do as one column goes through values. */
export interface PartialDependence {
  /** Individual conditional expectation: what each row is predicted at each value, shape [outputs × rows × values]. */
  readonly individual: Float64Array;
  /** Their weighted mean over the rows, shape [outputs × values]. */
  readonly average: Float64Array;
  /** Number of outputs: classes, or 1. */
  readonly outputs: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of values. */
  readonly values: number;
}

/** How long it may take, and which rows count more. */
export interface InspectionOptions {
  /** How much each row counts, 0 or more, shape [rows]; 1 if left out. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Partial dependence and individual conditional expectation: all rows are predicted with one
 * column set to each value in turn. Where columns move together, some of these rows never occur.
 *
 * Source: Friedman, 2001, "Greedy Function Approximation"; Goldstein et al., 2015, "Peeking Inside
 * the Black Box"; scikit-learn `partial_dependence` by the method "brute".
 *
 * @param values Number of values.
 * @param predictAt Predicts all rows with the column set to value `v`.
 * @throws {RangeError} if there are no rows or values, or predictions of different lengths.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = [1, 2]; // the other column
 * const found = await partialDependence(3, 2, (v) =>
 *   Promise.resolve(Float64Array.from(rows, (other) => v * other)));
 * assertEquals([...found.average], [0, 1.5, 3]);
 * assertEquals([...found.individual], [0, 1, 2, 0, 2, 4]);
 * ```
 */
export async function partialDependence(
  values: number,
  rows: number,
  predictAt: (v: number) => Promise<RowPredictions>,
  { sampleWeight, signal, onProgress }: InspectionOptions = {},
): Promise<PartialDependence> {
  if (values < 1 || rows < 1) {
    throw new RangeError(`Cannot inspect ${rows} rows at ${values} values; give one at least`);
  }
  const pace = new YieldingLoop({ signal, onProgress });
  const total = Array.from({ length: rows }, (_, i) => sampleWeight?.[i] ?? 1)
    .reduce((sum, weight) => sum + weight, 0);
  let outputs = 0;
  let individual = new Float64Array(0);
  let average = new Float64Array(0);
  for (let v = 0; v < values; v++) {
    const predicted = await predictAt(v);
    if (v === 0) {
      outputs = predicted.length / rows;
      individual = new Float64Array(outputs * rows * values);
      average = new Float64Array(outputs * values);
    }
    checkLength(predicted, outputs, rows);
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const value = predicted[k * rows + i];
        individual[(k * rows + i) * values + v] = value;
        sum += value * (sampleWeight?.[i] ?? 1);
      }
      average[k * values + v] = sum / total;
    }
    await pace.step((v + 1) / values);
  }
  return { individual, average, outputs, rows, values };
}

/** Refuses predictions that are not one for each row and output. */
export function checkLength(predicted: RowPredictions, outputs: number, rows: number): void {
  if (Number.isInteger(outputs) && predicted.length === outputs * rows) return;
  throw new RangeError(`Cannot inspect ${rows} rows by ${predicted.length} predictions`);
}

/**
 * The values that a column of numbers goes through: each of its own if they are few, else as many
 * equally spaced ones between two percentiles.
 *
 * Source: scikit-learn `partial_dependence`, whose quantiles are `scipy.stats.mstats.mquantiles`.
 *
 * @param values The column; NaN is left out.
 * @param most How many values at the most, 2 or more.
 * @param percentiles Shares of the rows below the first and the last value, in [0, 1].
 * @returns Rising values; none if all are missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...dependenceGrid([2, 1, NaN, 2, 3])], [1, 2, 3]);
 * assertEquals(dependenceGrid(Array.from({ length: 500 }, (_, i) => i), 5).length, 5);
 * ```
 */
export function dependenceGrid(
  values: ArrayLike<number>,
  most = 100,
  percentiles: readonly [number, number] = [0.05, 0.95],
): Float64Array {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  const own = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (own.length < most) return own;
  const [low, high] = percentiles.map((share) => quantileOfSorted(sorted, share));
  return Float64Array.from(
    { length: most },
    (_, v) => v === most - 1 ? high : low + (high - low) * v / (most - 1),
  );
}

/** A quantile at the plotting positions 0.4, 0.4. */
function quantileOfSorted(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const position = n * share + 0.4 + share * 0.2;
  const below = Math.floor(Math.min(Math.max(position, 1), n - 1));
  const part = Math.min(Math.max(position - below, 0), 1);
  return (1 - part) * sorted[below - 1] + part * sorted[below];
}
