/** Where a score stands among others. */

/**
 * Share of `rising` scores that are below `score`, equal ones counted half, in [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(percentileRank([1, 2, 2, 3], 2), 0.5);
 * ```
 */
export function percentileRank(rising: ArrayLike<number>, score: number): number {
  const below = placeIn(rising, score, false);
  const upTo = placeIn(rising, score, true);
  return (below + upTo) / 2 / rising.length;
}

/** Number of values below `score`, or up to it. */
function placeIn(rising: ArrayLike<number>, score: number, equal: boolean): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] < score || (equal && rising[middle] === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}
