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
  /**
   * The columns that hold a bag of terms in each row instead of a number, as a text does; `data`
   * has zeros there. Absent if there are none. Learners that cannot read them refuse them.
   */
  readonly bags?: readonly Bag[];
}

/** A column of bags: for each row the terms that it holds, with their values; all others are 0. */
export interface Bag {
  /** Which column of the matrix. */
  readonly column: number;
  /** Number of terms that rows can hold. */
  readonly terms: number;
  /** Row `i` has the entries from `offsets[i]` to `offsets[i + 1]`, shape [rows + 1]. */
  readonly offsets: Int32Array<SharedArrayBuffer>;
  /** Term of each entry, from 0 to `terms` − 1, none twice in a row. */
  readonly places: Int32Array<SharedArrayBuffer>;
  /** Value of each entry. */
  readonly values: Float32Array<SharedArrayBuffer>;
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
  if (matrix.bags === undefined) return taken;
  return { ...taken, bags: matrix.bags.map((bag) => takeBag(bag, indices)) };
}

/** Memory for a bag of so many rows and entries. */
export function emptyBag(
  { column, terms }: Pick<Bag, "column" | "terms">,
  rows: number,
  entries: number,
): Bag {
  const integers = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
  return {
    ...{ column, terms },
    offsets: integers(rows + 1),
    places: integers(entries),
    values: new Float32Array(new SharedArrayBuffer(4 * entries)),
  };
}

function takeBag(bag: Bag, indices: ArrayLike<number>): Bag {
  const { offsets, places, values } = bag;
  let entries = 0;
  for (let i = 0; i < indices.length; i++) entries += offsets[indices[i] + 1] - offsets[indices[i]];
  const taken = emptyBag(bag, indices.length, entries);
  let at = 0;
  for (let i = 0; i < indices.length; i++) {
    const [from, to] = [offsets[indices[i]], offsets[indices[i] + 1]];
    taken.places.set(places.subarray(from, to), at);
    taken.values.set(values.subarray(from, to), at);
    taken.offsets[i + 1] = at += to - from;
  }
  return taken;
}
