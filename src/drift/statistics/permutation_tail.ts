/** The tail of chi-square in tables too thin for its distribution, by permutation. */

import type { Random } from "../../base/mod.ts";

/** Tables as unlikely that are enough to tell the chance to about a fifth of itself. */
const ENOUGH = 25;
const MOST_DRAWS = 19_999;

/**
 * The chance of a chi-square of two samples as large as the one found, by
 * dealing the values out to both samples anew. It ends as soon as 25 deals were
 * as extreme, so that only small chances take the most of 19,999 deals; the
 * p-value is valid all the same and 1/20,000 at the least.
 *
 * Source: Besag and Clifford, 1991, "Sequential Monte Carlo p-values".
 *
 * @param reference Counts by category, shape [categories].
 * @param current Counts of the same categories.
 */
export function permutationTail(
  reference: Float64Array,
  current: Float64Array,
  random: Random,
): number {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  const smaller = sum(reference) < sum(current) ? reference : current;
  const draws = sum(smaller);
  const both = reference.map((count, i) => count + current[i]);
  const values = new Int32Array(sum(both));
  both.reduce((start, count, i) => values.fill(i, start, start + count).length && start + count, 0);

  // Given the margins, chi-square rises with the sum of squared counts over their totals.
  const size = (counts: Float64Array) =>
    counts.reduce((total, count, i) => both[i] > 0 ? total + count * count / both[i] : total, 0);
  const found = size(smaller) * (1 - 1e-12);
  const dealt = new Float64Array(both.length);
  let extreme = 0;
  for (let deal = 1; deal <= MOST_DRAWS; deal++) {
    dealt.fill(0);
    for (let i = 0; i < draws; i++) {
      const j = i + random.int(values.length - i);
      const value = values[j];
      values[j] = values[i];
      values[i] = value;
      dealt[value]++;
    }
    if (size(dealt) >= found && ++extreme === ENOUGH) return ENOUGH / deal;
  }
  return (extreme + 1) / (MOST_DRAWS + 1);
}
