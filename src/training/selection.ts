/** How the best candidate is chosen: by its mean, or as the simplest that is about as good. */

import { type Candidate, complexity } from "./candidate.ts";

/** What candidates are compared by, and which of them is chosen. */
export interface Selection {
  /** The metric; the task's first if it is left out. */
  readonly metric?: string;
  /**
   * "best" (default) for the best mean over the folds; "oneStandardError" for the simplest
   * candidate whose mean is within one standard error of the best (Breiman et al., 1984,
   * "Classification and Regression Trees").
   */
  readonly rule?: SelectionRule;
}

/** Names of the rules. */
export type SelectionRule = "best" | "oneStandardError";

/** A candidate with the metric on each fold. */
export interface ComparedCandidate {
  /** Who it is. */
  readonly candidate: Candidate;
  /** The metric fold by fold. */
  readonly values: readonly number[];
}

/** Mean of values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean of values; 0 of one alone. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * The simplest of those whose mean is within one standard error of the best.
 *
 * @param ranked Candidates, best first.
 * @param higher Whether higher values are better.
 */
export function simplest<T extends ComparedCandidate>(ranked: readonly T[], higher: boolean): T {
  const [best] = ranked;
  const sign = higher ? 1 : -1;
  const least = sign * meanOf(best.values) - standardError(best.values);
  const about = ranked.filter(({ values }) => sign * meanOf(values) >= least);
  return about.reduce((chosen, one) => isSimpler(one.candidate, chosen.candidate) ? one : chosen);
}

function isSimpler(one: Candidate, other: Candidate): boolean {
  const [mine, theirs] = [complexity(one), complexity(other)];
  const at = mine.findIndex((part, i) => part !== theirs[i]);
  return at >= 0 && mine[at] < theirs[at];
}
