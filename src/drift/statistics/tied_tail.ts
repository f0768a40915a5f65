/** How likely a Kolmogorov-Smirnov distance is by chance if values repeat. */

import { twoSampleTail } from "./kolmogorov_distribution.ts";

/** Pairs of rows above which smaller samples stand for the ones given. */
const MOST_PAIRS = 1e6;
/** Rounding must not leave out distances that are exactly as large. */
const ROUNDING = 1e-12;

/**
 * The chance that samples of `n` and `m` rows lie `distance` or more apart,
 * given the values of both together: distribution functions can differ only
 * where a run of equal values ends, so that chance is smaller than in
 * continuous samples, by much if values are few.
 *
 * Exact up to 10^6 pairs of rows; above, samples of as many pairs stand for the
 * ones given, at the same distance in standard errors. Takes (n + m) × min(n, m)
 * steps of these.
 *
 * Source: the permutation distribution, as SciPy's `permutation_test` of the
 * statistic of `ks_2samp` enumerates it.
 *
 * @param ends Shares of all rows up to the end of each run of equal values, rising to 1.
 */
export function tiedTail(
  distance: number,
  n: number,
  m: number,
  ends: ArrayLike<number>,
): number {
  const [few, many] = standIns(Math.min(n, m), Math.max(n, m));
  const scale = Math.sqrt((n * m / (n + m)) / (few * many / (few + many)));
  const least = Math.min(1, distance * scale) - ROUNDING;
  const rows = few + many;
  const checked = new Uint8Array(rows + 1);
  for (let i = 0; i < ends.length; i++) checked[Math.round(ends[i] * rows)] = 1;
  // Chances of having drawn x rows of the smaller sample and never been so far apart.
  const inside = new Float64Array(few + 1);
  inside[0] = 1;
  let outside = 0;
  for (let drawn = 0; drawn < rows; drawn++) {
    const [low, high] = [Math.max(0, drawn - many), Math.min(few, drawn)];
    const left = rows - drawn;
    for (let x = high; x >= low; x--) {
      const own = inside[x];
      if (x < few) inside[x + 1] += own * (few - x) / left;
      inside[x] = own * (many - drawn + x) / left;
    }
    if (checked[drawn + 1] === 0) continue;
    for (let x = 0; x <= Math.min(few, drawn + 1); x++) {
      if (Math.abs(x / few - (drawn + 1 - x) / many) < least) continue;
      outside += inside[x];
      inside[x] = 0;
    }
  }
  // Without ties it is no less likely.
  return Math.min(1, outside, twoSampleTail(distance, n, m, MOST_PAIRS));
}

/** Sizes of no more than {@link MOST_PAIRS} pairs; the smaller sample shrinks last. */
function standIns(few: number, many: number): [number, number] {
  if (few * many <= MOST_PAIRS) return [few, many];
  const root = Math.sqrt(MOST_PAIRS);
  return few <= root ? [few, Math.floor(MOST_PAIRS / few)] : [root, root];
}
