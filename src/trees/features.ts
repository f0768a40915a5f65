/** The numbers that trees read. */

/**
 * Float32 values in column-major order, NaN for a missing value: value (row
 * `i`, column `j`) is at `data[j * rows + i]`. A `Matrix` of the table room is
 * one; trees name only what they need of it.
 */
export interface FeatureColumns {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** The values, column by column, length `rows * columns`. */
  readonly data: Float32Array;
}
