/**
 * Evidence that shares have moved, which may be looked at as often as one likes.
 *
 * Each row bets on an indicator, as "income is at most 30,000": under the claim
 * that its share is at most m, the product of (p / m) for rows that have it and
 * ((1 − p) / (1 − m)) for those that do not is a supermartingale for any p > m,
 * so the chance that it ever reaches 1 / α is at most α, however often it is
 * looked at (Ville's inequality). Means of such products are bets too: over several
 * p, over both directions, over several indicators of a column, and over the
 * moments at which a change may have begun, whose weights 1 / (t (t + 1)) add up
 * to 1. Which columns have moved is then told by the e-BH procedure.
 *
 * An indicator may also be a part of one, as the chance that an answer is wrong:
 * as the exponential function is convex, what a row is worth on average is then
 * no more than that of an indicator with the same mean. Rows of one customer
 * depend on each other, so of each customer the first row since a moment counts
 * for that moment: the product is over customers, and those are independent.
 *
 * Sources: Ramdas, Grünwald, Vovk and Shafer, 2023, "Game-theoretic statistics
 * and safe anytime-valid inference"; Shin, Ramdas and Rinaldo, 2022,
 * "E-detectors"; Wang and Ramdas, 2022, "False discovery rate control with
 * e-values".
 */

/** What is claimed of an indicator: its share lies within. */
export interface ClaimedShare {
  /** Least share, in [0, 1]. */
  readonly low: number;
  /** Greatest share, in [0, 1]. */
  readonly high: number;
}

/** Rows since a moment at which a change may have begun. Plain JSON. */
export interface Start {
  /** Number of the moment, from 1 on. */
  readonly moment: number;
  /** Weight among all moments, in (0, 1]. */
  readonly weight: number;
  /** By column: rows that count, then how many of them have each indicator. */
  readonly counts: Record<string, number[]>;
}

/** All moments that are still followed. Plain JSON, of bounded size. */
export interface EvidenceState {
  /** How many moments there have been. */
  begun: number;
  /** Those that are followed, oldest first. */
  starts: Start[];
}

/** How far beyond the claim bets go, as parts of what is left. */
const STAKES = [0.02, 0.05, 0.1, 0.2, 0.4];
/** Moments that are followed; from there on every other one of the older half is given up. */
const MOST_STARTS = 40;

/** A share that is claimed to be 0 is not believed to be less than this. */
const LEAST = 1e-9;

/** Nothing seen yet. */
export function noEvidence(): EvidenceState {
  return { begun: 0, starts: [] };
}

/** Begins another moment at which a change may have begun; the rows to come count for it too. */
export function beginMoment(state: EvidenceState): void {
  const t = ++state.begun;
  state.starts.push({ moment: t, weight: 1 / (t * (t + 1)), counts: {} });
  if (state.starts.length <= MOST_STARTS) return;
  // What is given up counts as nothing from now on, which can only make the evidence less.
  const half = state.starts.length >> 1;
  state.starts = state.starts.filter((_, i) => i >= half || i % 2 === 0);
}

/** Gives all evidence up, as after an alert is over; the weights go on where they were. */
export function forgetEvidence(state: EvidenceState, columns: readonly string[]): void {
  for (const { counts } of state.starts) {
    for (const column of columns) delete counts[column];
  }
}

/**
 * Adds rows: how many, then how many have each indicator, or how much of it.
 *
 * @param after The rows count for the moments after this one alone.
 */
export function addEvidence(
  state: EvidenceState,
  column: string,
  counts: ArrayLike<number>,
  after = 0,
): void {
  for (const start of state.starts) {
    if (start.moment <= after) continue;
    const own = start.counts[column] ??= new Array(counts.length).fill(0);
    for (let i = 0; i < counts.length; i++) own[i] += counts[i];
  }
}

/**
 * The logarithm of a column's evidence against its claims: above −ln α they are
 * refuted at level α.
 *
 * @param claims One for each indicator.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const state = noEvidence();
 * beginMoment(state);
 * addEvidence(state, "age", [1000, 500]);
 * assert(logEvidence(state, "age", [{ low: 0.45, high: 0.55 }]) < 0);
 * addEvidence(state, "age", [1000, 700]);
 * assert(logEvidence(state, "age", [{ low: 0.45, high: 0.55 }]) > Math.log(20));
 * ```
 */
export function logEvidence(
  { starts }: EvidenceState,
  column: string,
  claims: readonly ClaimedShare[],
): number {
  const bets = claims.map(({ low, high }) => [betAbove(high), betAbove(1 - low)] as const);
  const part = -Math.log(2 * claims.length * STAKES.length);
  let sum = -Infinity;
  for (const { weight, counts } of starts) {
    const stake = Math.log(weight);
    const own = counts[column];
    // A bet that was not made yet is worth its stake.
    if (own === undefined || own[0] === 0) sum = logAdd(sum, stake);
    else {
      bets.forEach(([above, below], i) => {
        for (const { won, lost } of above) {
          sum = logAdd(sum, stake + part + own[i + 1] * won + (own[0] - own[i + 1]) * lost);
        }
        for (const { won, lost } of below) {
          sum = logAdd(sum, stake + part + (own[0] - own[i + 1]) * won + own[i + 1] * lost);
        }
      });
    }
  }
  return sum;
}

/** What a row that has an indicator, and one that has not, are worth to bets that its share is above `most`. */
function betAbove(most: number): { readonly won: number; readonly lost: number }[] {
  return STAKES.map((stake) => {
    if (most >= 1) return { won: 0, lost: 0 }; // nothing can be above it
    const p = most + stake * (1 - most);
    return { won: Math.log(p / Math.max(most, LEAST)), lost: Math.log((1 - p) / (1 - most)) };
  });
}

/** ln(exp(a) + exp(b)), without overflow. */
function logAdd(a: number, b: number): number {
  const [more, less] = a > b ? [a, b] : [b, a];
  return less === -Infinity || less - more < -40 ? more : more + Math.log1p(Math.exp(less - more));
}

/**
 * The claims that are refuted, with any of them wrongly so in at most a share
 * `alpha` of all streams that never change.
 *
 * If k are found, the mean of all evidence is 1 / α at the least, and a mean of
 * such evidence is evidence as well.
 *
 * @param logs Evidence by column, as logarithms.
 */
export function refuted(logs: Readonly<Record<string, number>>, alpha: number): string[] {
  const rising = Object.entries(logs).sort(([, a], [, b]) => b - a);
  for (let k = rising.length; k > 0; k--) {
    if (rising[k - 1][1] >= Math.log(rising.length / (k * alpha))) {
      return rising.slice(0, k).map(([column]) => column);
    }
  }
  return [];
}
