/** Class shares of a forest's leaves, rounded so that their Float32 sums are exact. */

/**
 * Number of equal parts into which the leaves of a forest of `trees` divide 1:
 * 2^b with b = 23 − ⌈log2 trees⌉.
 *
 * Every share is then a multiple of 2^−b and every sum over the trees at most
 * `trees`, so it needs no more than the 24 significant bits of a Float32: no
 * addition rounds, and the sum is the same in every order. ONNX Runtime adds
 * trees in an order of its own choice, so this is what makes its answers equal
 * ours to the bit, ties between classes included.
 */
export function shareUnitsFor(trees: number): number {
  return 2 ** (23 - Math.ceil(Math.log2(trees)));
}

/**
 * Writes `weights / total` as multiples of `1 / units` that sum to 1: each is
 * rounded down, and what is left goes to the largest remainders, the first
 * class first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const shares = new Float64Array(3);
 * roundShares(Float64Array.of(1, 1, 1), 3, 8, shares);
 * assertEquals([...shares], [3 / 8, 3 / 8, 2 / 8]);
 * ```
 */
export function roundShares(
  weights: Float64Array,
  total: number,
  units: number,
  shares: Float64Array,
): void {
  let left = units;
  for (let k = 0; k < weights.length; k++) {
    const rounded = Math.floor(weights[k] * units / total);
    shares[k] = rounded / units;
    left -= rounded;
  }
  const missing = (k: number) => weights[k] / total - shares[k];
  for (; left > 0; left--) {
    let most = 0;
    for (let k = 1; k < weights.length; k++) {
      if (missing(k) > missing(most)) most = k;
    }
    shares[most] += 1 / units;
  }
}
