/** What numbers lose if a matrix holds them as Float32. */

/** How many different numbers fall together. */
export interface Float32Loss {
  /** Different numbers, NaN left out. */
  readonly distinct: number;
  /** How many fewer there are as Float32. */
  readonly lost: number;
}

/**
 * Counts the numbers that a Float32 no longer tells apart: whole numbers above
 * 2^24, as timestamps and identifiers, lose their neighbours.
 *
 * @param values Numbers in Float64; NaN is a missing one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(float32Loss([2 ** 24, 2 ** 24 + 1, NaN, 0.1]), { distinct: 3, lost: 1 });
 * ```
 */
export function float32Loss(values: ArrayLike<number>): Float32Loss {
  const rising = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  let distinct = 0;
  let kept = 0;
  for (let i = 0; i < rising.length; i++) {
    if (i > 0 && rising[i] === rising[i - 1]) continue;
    if (i === 0 || Math.fround(rising[i]) !== Math.fround(rising[i - 1])) kept++;
    distinct++;
  }
  return { distinct, lost: distinct - kept };
}
