/** From which score on a row is worth a person's time. */

import { DataError, UsageError } from "../base/mod.ts";

/** When a score asks for a look, and how scores lie otherwise. */
export interface AlertRule {
  /** The score from which on to alert. */
  readonly threshold: number;
  /** Share of rows that may alert, above 0 and at most 0.5. */
  readonly share: number;
  /** Quantiles of the scores of rows held out, at even shares from 0 to 1, rising. */
  readonly scores: readonly number[];
}

/** Quantiles that are kept. */
const KEPT = 1001;

/**
 * The rule that lets a share of rows alert, from scores alone: no label has a say. At most that
 * share of the given rows reaches the threshold, as ties stay below it together.
 *
 * @param scores Scores of rows that the detector had not seen, finite, shape [rows].
 * @param share Share of rows that may alert, above 0 and at most 0.5.
 * @throws {UsageError} for another share.
 * @throws {DataError} if there are no scores, one is not finite, or the share is less than a row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const scores = Float64Array.from({ length: 100 }, (_, i) => i);
 * const { threshold } = alertBudget(scores, 0.05);
 * assertEquals(scores.filter((score) => score >= threshold).length, 5);
 * ```
 */
export function alertBudget(scores: ArrayLike<number>, share: number): AlertRule {
  if (!(share > 0 && share <= 0.5)) {
    throw new UsageError(`Cannot let a share of ${share} of the rows alert`, {
      next: "give a share above 0 and at most 0.5, as 0.01 for one row in a hundred",
    });
  }
  const rising = Float64Array.from(scores).sort();
  const allowed = Math.floor(share * rising.length + 1e-9);
  if (allowed < 1) {
    throw new DataError(
      `Cannot let a share of ${share} of ${rising.length} rows alert: that is less than one`,
      { next: "give a larger share or more rows" },
    );
  }
  const strange = Array.prototype.find.call(scores, (score) => !Number.isFinite(score));
  if (strange !== undefined) {
    throw new DataError(`Cannot tell from which score on to alert: one is ${strange}`, {
      next: "leave out rows that the detector cannot score",
    });
  }
  const last = rising.length - 1;
  let first = rising.length - allowed;
  // Equal scores alert together or not at all.
  while (first <= last && first > 0 && rising[first] === rising[first - 1]) first++;
  const threshold = first <= last ? rising[first] : nextUp(rising[last]);
  const count = Math.min(KEPT, rising.length);
  const kept = Array.from(
    { length: count },
    (_, k) => rising[count === 1 ? 0 : Math.round(k / (count - 1) * last)],
  );
  return { threshold, share, scores: kept };
}

/** The next higher number of Float64. */
function nextUp(value: number): number {
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value) || 2 ** -1000)) - 52);
  return value + step;
}
