/** Least squares by orthogonal rotations: no squared condition number, no full copy of the rows. */

import type { YieldingLoop } from "../base/mod.ts";

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

/** How a triangle is solved. */
export interface SolveOptions {
  /** Penalty on the square of the solution's length. */
  readonly alpha: number;
  /** Singular values up to this share of the largest count as 0. */
  readonly smallest: number;
  /** Hears of the second half of the work, and can stop it. */
  readonly pace: YieldingLoop;
}

/** Sweeps beyond this bring nothing: right angles come quadratically, some ten sweeps do. */
const mostSweeps = 60;

/**
 * The shortest solution of the least squares that a triangle stands for, with
 * the penalty `alpha` × |solution|².
 *
 * Source: singular value decomposition by one-sided Jacobi rotations (Hestenes, 1958).
 */
export async function solve(
  { size, values }: Triangle,
  { alpha, smallest, pace }: SolveOptions,
): Promise<Float64Array> {
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
  // The squares of all columns keep their sum, the largest column is at least their mean.
  const whole = columns.reduce((sum, column) => sum + dot(column, column), 0);
  const nothing = smallest ** 2 * whole / size;
  for (let turn = 0, changed = true; changed && turn < mostSweeps; turn++) {
    changed = false;
    for (let a = 0; a < size; a++) {
      if (turnToRightAngles(columns, turned, a, nothing)) changed = true;
      await pace.step(0.5 + 0.5 * (turn + a / size) / mostSweeps);
    }
  }
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

/**
 * Turns column `a` and each after it to a right angle; says whether any was not
 * at one. What is left of a column that depends on others is rounding, which
 * every turn makes anew: columns whose square is up to `nothing` do not count.
 */
function turnToRightAngles(
  columns: readonly Float64Array[],
  turned: readonly Float64Array[],
  a: number,
  nothing: number,
): boolean {
  // As LAPACK's dgesvj: what a sum of so many products loses to rounding.
  const rightAngle = Math.sqrt(columns.length) * Number.EPSILON;
  let changed = false;
  for (let b = a + 1; b < columns.length; b++) {
    const [first, second] = [columns[a], columns[b]];
    const [before, after] = [dot(first, first), dot(second, second)];
    const inner = dot(first, second);
    if (Math.abs(inner) <= rightAngle * Math.sqrt(before * after)) continue;
    if (before > nothing && after > nothing) changed = true;
    const slant = (after - before) / (2 * inner);
    const tangent = (slant < 0 ? -1 : 1) / (Math.abs(slant) + Math.sqrt(1 + slant * slant));
    const cosine = 1 / Math.sqrt(1 + tangent * tangent);
    rotate(first, second, cosine, cosine * tangent);
    rotate(turned[a], turned[b], cosine, cosine * tangent);
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
