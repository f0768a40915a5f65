/** Numbers and bags of a matrix side by side, row after row, as fits to sparse rows read them. */

import type { Matrix } from "../dataset/mod.ts";
import type { BagPlanes } from "./contract.ts";
import { type FilledColumns, filledColumns } from "./imputed_columns.ts";

/** Rows of few entries among many features: first the columns of numbers, then the terms of bags. */
export interface SparseRows {
  readonly rows: number;
  readonly features: number;
  /** Row `i` has the entries from `offsets[i]` to `offsets[i + 1]`, shape [rows + 1]. */
  readonly offsets: Int32Array;
  /** Feature of each entry. */
  readonly places: Int32Array;
  /** Value of each entry. */
  readonly values: Float32Array;
  /** The columns of numbers: what stands in for a missing one. */
  readonly filled: FilledColumns;
  /** Where the terms of each bag begin among the features. */
  readonly bags: readonly {
    readonly column: number;
    readonly terms: number;
    readonly first: number;
  }[];
}

/**
 * Lays the rows out.
 *
 * @param centred Whether numbers are measured from the mean of their column.
 */
export function sparseRows(
  X: Matrix,
  sampleWeight: Float32Array | undefined,
  centred: boolean,
): SparseRows {
  const filled = filledColumns(X, sampleWeight);
  const { columns, centre, spread } = filled;
  // A column that is the same in all rows tells nothing, and bags have zeros in its place.
  const used = [...columns.keys()].filter((j) => spread[j] > 0);
  let first = X.columns;
  const bags = (X.bags ?? []).map(({ column, terms }) => {
    first += terms;
    return { column, terms, first: first - terms };
  });
  const entries = used.length * X.rows +
    (X.bags ?? []).reduce((sum, { values }) => sum + values.length, 0);
  const offsets = new Int32Array(X.rows + 1);
  const places = new Int32Array(entries);
  const values = new Float32Array(entries);
  let at = 0;
  for (let i = 0; i < X.rows; i++) {
    for (const j of used) {
      places[at] = j;
      values[at++] = centred ? columns[j][i] - centre[j] : columns[j][i];
    }
    X.bags?.forEach((bag, b) => {
      for (let entry = bag.offsets[i]; entry < bag.offsets[i + 1]; entry++) {
        places[at] = bags[b].first + bag.places[entry];
        values[at++] = bag.values[entry];
      }
    });
    offsets[i + 1] = at;
  }
  return { rows: X.rows, features: first, offsets, places, values, filled, bags };
}

/** What was fitted, as a linear model keeps it. */
export interface FittedPlanes {
  /** Slopes of the columns of numbers, shape [scores × columns]. */
  readonly coefficients: Float64Array;
  /** Slopes of the terms of each bag; absent without bags. */
  readonly bags?: readonly BagPlanes[];
  /** Share of each column in what moves the scores, shape [columns]. */
  readonly featureImportances: Float64Array;
}

/**
 * Divides slopes among columns and bags.
 *
 * @param slopeOf Slope of a score along a feature.
 */
export function fittedPlanes(
  sparse: SparseRows,
  outputs: number,
  slopeOf: (output: number, feature: number) => number,
): FittedPlanes {
  const columns = sparse.filled.columns.length;
  const coefficients = new Float64Array(outputs * columns);
  const moved = new Float64Array(columns);
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < columns; j++) {
      // Adding 0 turns −0 into 0, which JSON keeps.
      const slope = coefficients[k * columns + j] = slopeOf(k, j) + 0;
      moved[j] += Math.abs(slope) * sparse.filled.spread[j];
    }
  }
  const spread = termSpread(sparse);
  const bags = sparse.bags.map(({ column, terms, first }): BagPlanes => {
    const slopes = new Float32Array(terms * outputs);
    for (let t = 0; t < terms; t++) {
      for (let k = 0; k < outputs; k++) {
        const slope = slopes[t * outputs + k] = slopeOf(k, first + t) + 0;
        moved[column] += Math.abs(slope) * spread[first + t - columns];
      }
    }
    return { column, terms, coefficients: slopes };
  });
  const total = moved.reduce((sum, value) => sum + value, 0);
  return {
    coefficients,
    ...bags.length > 0 && { bags },
    featureImportances: total > 0 ? moved.map((value) => value / total) : moved,
  };
}

/** Standard deviation of each term over the rows, shape [terms of all bags]. */
export function termSpread(
  { rows, features, offsets, places, values, filled }: SparseRows,
): Float64Array {
  const columns = filled.columns.length;
  const sums = new Float64Array(features - columns);
  const squares = new Float64Array(features - columns);
  for (let at = 0; at < offsets[rows]; at++) {
    const term = places[at] - columns;
    if (term < 0) continue;
    sums[term] += values[at];
    squares[term] += values[at] * values[at];
  }
  return squares.map((square, t) => Math.sqrt(Math.max(0, square / rows - (sums[t] / rows) ** 2)));
}
