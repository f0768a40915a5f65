/** What is won by taking the best-scored rows first. */

import { countThresholds } from "./ranking.ts";

/** How many of the positives the best-scored rows hold, from (0, 0) to (1, 1). */
export interface GainCurve {
  /** Share of all rows that is taken, best-scored first, rising. */
  readonly share: Float64Array;
  /** Share of the positives among them, rising. */
  readonly gain: Float64Array;
}

/** One of several equal parts of the rows in falling order of score. */
export interface LiftBin {
  /** Rows in the part. */
  readonly rows: number;
  /** Positive rows in it; where rows tie over its border, what a fair draw gives on average. */
  readonly positives: number;
  /** Share of its rows that are positive. */
  readonly rate: number;
  /** Its rate over the rate of all rows: 1 for a guess. */
  readonly lift: number;
  /** Share of all positives in this part and those before it. */
  readonly gain: number;
  /** Rate of this part and those before it over the rate of all rows. */
  readonly cumulativeLift: number;
}

/**
 * The cumulative gains curve. Rows of equal score are taken together, so the
 * curve does not depend on the order of rows; between points it is straight.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @returns Shares in [0, 1]; gains are NaN if no row is positive.
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { share, gain } = cumulativeGains([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]);
 * assertEquals([...share], [0, 0.25, 0.5, 0.75, 1]);
 * assertEquals([...gain], [0, 0.5, 0.5, 1, 1]);
 * ```
 */
export function cumulativeGains(yTrue: ArrayLike<number>, scores: ArrayLike<number>): GainCurve {
  const { positives, negatives, allPositives } = countThresholds(yTrue, scores);
  const share = new Float64Array(positives.length + 1);
  const gain = new Float64Array(positives.length + 1);
  gain[0] = 0 / allPositives;
  positives.forEach((count, t) => {
    share[t + 1] = (count + negatives[t]) / yTrue.length;
    gain[t + 1] = count / allPositives;
  });
  return { share, gain };
}

/**
 * Lift and gain by equal parts of the rows in falling order of score, the table
 * that scorecards and campaigns are judged by.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @param bins Number of parts, 1 to rows. Default 10 (deciles); sizes differ by
 * one row at most.
 * @returns The parts, best-scored first; shares are NaN if no row is positive.
 * @throws {RangeError} if the lengths differ or there are fewer rows than parts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [best] = liftByQuantile([1, 1, 0, 0], [0.9, 0.8, 0.7, 0.1], 2);
 * assertEquals(best, { rows: 2, positives: 2, rate: 1, lift: 2, gain: 1, cumulativeLift: 2 });
 * ```
 */
export function liftByQuantile(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  bins = 10,
): LiftBin[] {
  const { positives, negatives, allPositives } = countThresholds(yTrue, scores);
  const rows = yTrue.length;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= rows)) {
    throw new RangeError(`Cannot cut ${rows} rows into ${bins} parts; give 1 to ${rows}`);
  }
  const rate = allPositives / rows;
  let t = 0;
  /** Positives among the best `taken` rows, a fair share of those that tie. */
  const positivesAmong = (taken: number) => {
    while (positives[t] + negatives[t] < taken) t++;
    const before = t === 0 ? 0 : positives[t - 1];
    const taken0 = t === 0 ? 0 : before + negatives[t - 1];
    const tied = positives[t] + negatives[t] - taken0;
    return before + (positives[t] - before) * (taken - taken0) / tied;
  };
  let taken = 0;
  let found = 0;
  return Array.from({ length: bins }, (_, bin) => {
    const end = Math.round(rows * (bin + 1) / bins);
    const all = positivesAmong(end);
    const part = { rows: end - taken, positives: all - found };
    taken = end;
    found = all;
    return {
      ...part,
      rate: part.positives / part.rows,
      lift: part.positives / part.rows / rate,
      gain: all / allPositives,
      cumulativeLift: all / end / rate,
    };
  });
}
