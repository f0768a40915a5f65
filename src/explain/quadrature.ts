/** Gauss-Legendre quadrature: exact integrals of polynomials from few values. */

/** Where a function is looked at, and how much each value counts. */
export interface Quadrature {
  /** Points in (0, 1), rising. */
  readonly points: Float64Array;
  /** Weight of the value at each point; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * Points and weights with which Σ weight × f(point) is the integral of f over
 * [0, 1] for every polynomial f of degree 2 `count` − 1 or less.
 *
 * Source: Newton's method on the Legendre polynomial, from the starting points
 * of Abramowitz and Stegun, 22.16.6.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { points, weights } = gaussLegendre(2);
 * const cubed = points.reduce((sum, t, q) => sum + weights[q] * t ** 3, 0);
 * assertAlmostEquals(cubed, 1 / 4, 1e-15);
 * ```
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let q = 0; q < count; q++) {
    let x = Math.cos(Math.PI * (q + 0.75) / (count + 0.5));
    let slope = 0;
    // The starting points are near enough for a handful of steps to reach the last bit.
    for (let step = 0; step < 8; step++) {
      const found = legendre(count, x);
      slope = found.slope;
      x -= found.value / slope;
    }
    points[count - 1 - q] = (1 + x) / 2;
    weights[count - 1 - q] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree and its slope at x in (−1, 1). */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  return { value, slope: degree * (x * value - before) / (x * x - 1) };
}
