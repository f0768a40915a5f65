/** The numeric hand-over between features, samplers and learners. */

/**
 * Float32 numbers in column-major order: value (row `i`, column `j`) is at
 * `data[j * rows + i]`. NaN stands for a missing value. Plain data over shared
 * memory, so that workers read it without a copy.
 */
export interface Matrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** The values, column by column, length `rows * columns`. */
  readonly data: Float32Array<SharedArrayBuffer>;
}

/**
 * A matrix of zeros.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(emptyMatrix(2, 3).data.length, 6);
 * ```
 */
export function emptyMatrix(rows: number, columns: number): Matrix {
  const buffer = new SharedArrayBuffer(rows * columns * Float32Array.BYTES_PER_ELEMENT);
  return { rows, columns, data: new Float32Array(buffer) };
}

/**
 * A matrix from an array of rows.
 *
 * @throws {RangeError} if the rows differ in length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const matrix = matrixFromRows([[1, 2], [3, 4], [5, 6]]);
 * assertEquals([...column(matrix, 1)], [2, 4, 6]);
 * ```
 */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const matrix = emptyMatrix(rows.length, columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new RangeError(
        `Cannot make a matrix: row ${i} has ${row.length} values, row 0 has ${columns}`,
      );
    }
    for (let j = 0; j < columns; j++) matrix.data[j * rows.length + i] = row[j];
  });
  return matrix;
}

/** The values of column `j`, a view of length `rows`. */
export function column(matrix: Matrix, j: number): Float32Array<SharedArrayBuffer> {
  return matrix.data.subarray(j * matrix.rows, (j + 1) * matrix.rows);
}

/** The values of row `i`, a copy of length `columns`. */
export function row(matrix: Matrix, i: number): Float32Array {
  const values = new Float32Array(matrix.columns);
  for (let j = 0; j < matrix.columns; j++) values[j] = matrix.data[j * matrix.rows + i];
  return values;
}

/** A new matrix of the rows at `indices`, in their order; indices may repeat. */
export function takeRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const taken = emptyMatrix(indices.length, matrix.columns);
  for (let j = 0; j < matrix.columns; j++) {
    const from = j * matrix.rows;
    const to = j * indices.length;
    for (let i = 0; i < indices.length; i++) taken.data[to + i] = matrix.data[from + indices[i]];
  }
  return taken;
}
