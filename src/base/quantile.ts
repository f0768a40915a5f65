/** Quantiles by linear interpolation, as NumPy's default method. */

/**
 * The quantile `q` of `sorted`, interpolated linearly (Hyndman and Fan type 7,
 * `numpy.quantile`'s default).
 *
 * @param sorted Numbers in rising order, without NaN.
 * @param q A share in [0, 1].
 * @returns The quantile, NaN if `sorted` is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(quantileSorted([1, 2, 3, 4], 0.25), 1.75);
 * ```
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  const last = sorted.length - 1;
  if (last < 0) return NaN;
  const position = q * last;
  const below = Math.floor(position);
  const low = sorted[below];
  if (below === last) return low;
  return low + (sorted[below + 1] - low) * (position - below);
}

/** The finite values of `values` in rising order, as a new array. */
export function sortedFinite(values: Iterable<number>): Float64Array {
  const finite: number[] = [];
  for (const value of values) if (Number.isFinite(value)) finite.push(value);
  return Float64Array.from(finite).sort();
}
