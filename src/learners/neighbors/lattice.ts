/** Rows as whole numbers, so that distances between them are exact wherever they are computed. */

import { ModelError } from "../../base/mod.ts";
import { column, type Matrix } from "../../dataset/mod.ts";
import type { FilledColumns } from "../imputed_columns.ts";

/** How features become whole numbers. */
export interface Lattice {
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /** Whole numbers to one unit of each column; 0 of a constant column, shape [features]. */
  readonly scale: Float64Array;
}

/** Steps to a standard deviation: finer than what tells neighbours apart. */
const stepsPerDeviation = 2 ** 14;

/**
 * Columns are cut off here, 256 deviations out. Products of 128 columns that are as far sum exactly
 * in Float64, of 60,000 columns that are ten deviations out.
 */
export const furthestStep = 2 ** 22;

/** Differences are cut off here, so that an infinite one in a constant column counts as 0. */
export const furthestDifference = 1e300;

/** Adding and taking away this rounds to whole numbers, half to even as ONNX does. */
const rounding = 1.5 * 2 ** 52;

/** The lattice of standardised columns. */
export function latticeOf({ centre, spread }: Pick<FilledColumns, "centre" | "spread">): Lattice {
  return { centre, scale: spread.map((width) => width > 0 ? stepsPerDeviation / width : 0) };
}

/**
 * The rows of a matrix on a lattice.
 *
 * @returns Whole numbers row by row, shape [rows × features].
 * @throws {ModelError} if X has another number of columns than the lattice.
 */
export function onLattice({ centre, scale }: Lattice, X: Matrix): Float64Array {
  const features = centre.length;
  if (X.columns !== features) {
    throw new ModelError(
      `Cannot predict: the rows have ${X.columns} columns, the model reads ${features}`,
      { next: "give the columns that the model was fitted on, in the same order" },
    );
  }
  const places = new Float64Array(X.rows * features);
  for (let j = 0; j < features; j++) {
    const values = column(X, j);
    for (let i = 0; i < X.rows; i++) {
      const value = Number.isNaN(values[i]) ? centre[j] : values[i];
      const step = within(value - centre[j], furthestDifference) * scale[j];
      places[i * features + j] = within(step, furthestStep) + rounding - rounding;
    }
  }
  return places;
}

function within(value: number, most: number): number {
  return value > most ? most : value < -most ? -most : value;
}
