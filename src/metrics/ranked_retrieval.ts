/** How well a ranking of documents holds what is relevant, one question at a time. */

import { UsageError } from "../base/mod.ts";

/**
 * The share of the relevant documents that is among the first `k`.
 *
 * Source: `recall.k` of trec_eval.
 *
 * @param ranked Names, best first; a name counts at its first place.
 * @param relevant Names of what is relevant.
 * @param k Places that are looked at, at least 1.
 * @returns In [0, 1]; NaN if nothing is relevant.
 * @throws {UsageError} if `k` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(recallAtK(["a", "b", "c"], new Set(["b", "d"]), 2), 0.5);
 * ```
 */
export function recallAtK(
  ranked: readonly string[],
  relevant: ReadonlySet<string>,
  k: number,
): number {
  return hitsOf(ranked, relevant, k).length / relevant.size;
}

/**
 * One over the place of the first relevant document; its mean over questions is the mean reciprocal
 * rank (MRR).
 *
 * Source: `recip_rank` of trec_eval.
 *
 * @returns In [0, 1]; 0 if none is there, NaN if nothing is relevant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(reciprocalRank(["a", "b", "c"], new Set(["b", "c"])), 0.5);
 * ```
 */
export function reciprocalRank(ranked: readonly string[], relevant: ReadonlySet<string>): number {
  if (relevant.size === 0) return NaN;
  const [first] = hitsOf(ranked, relevant, Math.max(1, ranked.length));
  return first === undefined ? 0 : 1 / first;
}

/**
 * Normalised discounted cumulative gain of the first `k`: each gain divided by the logarithm to base
 * 2 of its place plus one, over what the best order would reach.
 *
 * Source: `ndcg_cut.k` of trec_eval; Järvelin and Kekäläinen, 2002.
 *
 * @param gains How relevant documents are, above 0; others are not.
 * @returns In [0, 1]; NaN if nothing is relevant.
 * @throws {UsageError} if `k` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(ndcgAtK(["a", "b"], new Map([["b", 1]]), 5), 1 / Math.log2(3));
 * ```
 */
export function ndcgAtK(
  ranked: readonly string[],
  gains: ReadonlyMap<string, number>,
  k: number,
): number {
  checkPlaces(k);
  const discounted = (values: readonly number[]) =>
    values.slice(0, k).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  const reached = discounted([...new Set(ranked)].map((name) => gains.get(name) ?? 0));
  return reached / discounted([...gains.values()].sort((a, b) => b - a));
}

/** The places of relevant documents among the first `k`, from 1. */
function hitsOf(ranked: readonly string[], relevant: ReadonlySet<string>, k: number): number[] {
  checkPlaces(k);
  return [...new Set(ranked)].slice(0, k)
    .flatMap((name, i) => relevant.has(name) ? [i + 1] : []);
}

function checkPlaces(k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw new UsageError(`Cannot look at the first ${k} documents`, {
    next: "give a whole number of at least 1",
  });
}
