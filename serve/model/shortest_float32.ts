/** Scores of models as people would write them. */

/**
 * The number with the fewest decimals that is the same Float32: 0.1 for the
 * Float32 next to it, which as a Float64 is 0.10000000149011612. Texts get half
 * as long, and whoever reads them as Float32 gets every bit.
 *
 * @param value A Float32, as a probability or a predicted number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const short = [0.1, 1 / 3, 1, 1234.5].map((value) => shortestFloat32(Math.fround(value)));
 * assertEquals(short, [0.1, 0.33333334, 1, 1234.5]);
 * ```
 */
export function shortestFloat32(value: number): number {
  for (let scale = Math.abs(value) < 1 ? 1e6 : 1; scale <= 1e15; scale *= 10) {
    const short = Math.round(value * scale) / scale;
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** The score at `at`: a Float32 with the fewest decimals, a Float64 as it is. */
export function scoreAt(scores: Float32Array | Float64Array, at: number): number {
  return scores instanceof Float64Array ? scores[at] : shortestFloat32(scores[at]);
}
