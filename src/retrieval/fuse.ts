/** Rankings of the same things joined into one. */

/** Damps how much the first places count; the value of the source. */
export const usualConstant = 60;

/** A thing with what its places were worth. */
export interface Fused {
  /** Its name. */
  readonly id: string;
  /** The sum over the rankings that name it of 1 / (constant + place). */
  readonly score: number;
}

/**
 * Joins rankings by reciprocal rank fusion: places alone count, so that scores of different kinds
 * need no common scale. Of equals the one that an earlier ranking names first goes first.
 *
 * Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
 * Rank Learning Methods", SIGIR 2009.
 *
 * @param rankings Names, best first; a name counts once in each.
 * @param constant 0 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const fused = fuseRankings([["a", "b", "c"], ["b", "d"]]);
 * assertEquals(fused.map(({ id }) => id), ["b", "a", "d", "c"]);
 * ```
 */
export function fuseRankings(
  rankings: readonly (readonly string[])[],
  constant: number = usualConstant,
): Fused[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    [...new Set(ranking)].forEach((id, i) => {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (constant + i + 1));
    });
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score);
}
