/** Least squares by orthogonal rotations: no squared condition number, no full copy of the rows. */

/** The triangle that has the same least squares as many rows. */
export interface Triangle {
  /** Number of unknowns. */
  readonly size: number;
  /** Upper triangle row by row with the right-hand side as last column, shape [size × (size + 1)]. */
  readonly values: Float64Array;
}

/** An empty triangle of `size` unknowns. */
export function emptyTriangle(size: number): Triangle {
  return { size, values: new Float64Array(size * (size + 1)) };
}

/**
 * Brings more rows into a triangle by Householder reflections.
 *
 * @param block Rows to bring in, unknown by unknown with the right-hand side
 * last, shape [(size + 1) × rows]; overwritten.
 *
 * Source: Golub and Van Loan, "Matrix Computations", 5.2.2, with the triangle
 * as the upper part of each column.
 */
export function absorb({ size, values }: Triangle, block: Float64Array, rows: number): void {
  const width = size + 1;
  for (let j = 0; j < size; j++) {
    const column = block.subarray(j * rows, (j + 1) * rows);
    const squares = dot(column, column);
    if (squares === 0) continue;
    const top = values[j * width + j];
    const length = Math.sqrt(top * top + squares);
    const reflected = top > 0 ? -length : length;
    const head = top - reflected;
    const norm = (head * head + squares) / 2;
    values[j * width + j] = reflected;
    for (let other = j + 1; other < width; other++) {
      const target = block.subarray(other * rows, (other + 1) * rows);
      const at = j * width + other;
      const share = (head * values[at] + dot(column, target)) / norm;
      values[at] -= share * head;
      for (let i = 0; i < rows; i++) target[i] -= share * column[i];
    }
  }
}

/**
 * The shortest solution of the least squares that a triangle stands for, with
 * the penalty `alpha` × |solution|².
 *
 * @param smallest Singular values up to this share of the largest count as 0.
 *
 * Source: singular value decomposition by one-sided Jacobi rotations (Hestenes, 1958).
 */
export function solve(
  { size, values }: Triangle,
  alpha: number,
  smallest: number,
): Float64Array {
  const width = size + 1;
  // Rotations of the columns of the triangle, and of an identity along with them.
  const columns = Array.from(
    { length: size },
    (_, j) => Float64Array.from({ length: size }, (_, i) => i <= j ? values[i * width + j] : 0),
  );
  const turned = Array.from({ length: size }, (_, j) => {
    const unit = new Float64Array(size);
    unit[j] = 1;
    return unit;
  });
  // Until all columns are at right angles; a handful of sweeps, as each squares the error. What is
  // rounding alone, as where columns add up to another, never is, and is left out below.
  for (let swept = 0; swept < MOST_SWEEPS && sweep(columns, turned); swept++);
  const right = Float64Array.from({ length: size }, (_, i) => values[i * width + size]);
  const squares = columns.map((column) => dot(column, column));
  const least = smallest ** 2 * Math.max(0, ...squares);
  const solution = new Float64Array(size);
  columns.forEach((column, j) => {
    if (squares[j] <= least) return;
    const share = dot(column, right) / (squares[j] + alpha);
    for (let i = 0; i < size; i++) solution[i] += share * turned[j][i];
  });
  return solution;
}

/** Far more sweeps than columns of any number need. */
const MOST_SWEEPS = 60;

/** Turns each pair of columns to a right angle; says whether any was not at one. */
function sweep(columns: readonly Float64Array[], turned: readonly Float64Array[]): boolean {
  let changed = false;
  for (let a = 0; a < columns.length; a++) {
    for (let b = a + 1; b < columns.length; b++) {
      const [first, second] = [columns[a], columns[b]];
      const inner = dot(first, second);
      const [before, after] = [dot(first, first), dot(second, second)];
      if (Math.abs(inner) <= 1e-15 * Math.sqrt(before * after)) continue;
      changed = true;
      const slant = (after - before) / (2 * inner);
      const tangent = (slant < 0 ? -1 : 1) / (Math.abs(slant) + Math.sqrt(1 + slant * slant));
      const cosine = 1 / Math.sqrt(1 + tangent * tangent);
      rotate(first, second, cosine, cosine * tangent);
      rotate(turned[a], turned[b], cosine, cosine * tangent);
    }
  }
  return changed;
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const before = a[i];
    a[i] = cosine * before - sine * b[i];
    b[i] = sine * before + cosine * b[i];
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
