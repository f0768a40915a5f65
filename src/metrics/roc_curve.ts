/** The receiver operating characteristic as arrays. */

import { countThresholds } from "./ranking.ts";

/** Which points of a curve are kept, and how rows count. */
export interface CurveOptions {
  /** Leave out points that a line through their neighbours passes, or that add no recall. */
  readonly dropIntermediate?: boolean;
  /** How much each row counts, 0 or more, shape [rows]; 1 if left out. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** Shares of negatives and positives at or above each threshold, from (0, 0) to (1, 1). */
export interface RocCurve {
  /** Share of the negatives that score at or above the threshold, rising. */
  readonly falsePositiveRate: Float64Array;
  /** Share of the positives that score at or above the threshold, rising. */
  readonly truePositiveRate: Float64Array;
  /** The thresholds, falling; the first is infinite and selects no row. */
  readonly thresholds: Float64Array;
}

/**
 * The ROC curve. Rates are NaN if there is no row of their class.
 *
 * Source: scikit-learn `roc_curve`; `dropIntermediate` is `true` by default.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const curve = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * assertEquals([...curve.falsePositiveRate], [0, 0, 0.5, 0.5, 1]);
 * assertEquals([...curve.truePositiveRate], [0, 0.5, 0.5, 1, 1]);
 * assertEquals([...curve.thresholds], [Infinity, 0.8, 0.4, 0.35, 0.1]);
 * ```
 */
export function rocCurve(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  { dropIntermediate = true, sampleWeight }: CurveOptions = {},
): RocCurve {
  const counts = countThresholds(yTrue, scores, sampleWeight);
  const { positives, negatives, allPositives, allNegatives } = counts;
  const last = positives.length - 1;
  const isCorner = (_: number, t: number) =>
    t === 0 || t === last || bends(positives, t) || bends(negatives, t);
  const from = (first: number, values: Float64Array) => {
    const kept = dropIntermediate ? values.filter(isCorner) : values;
    const all = new Float64Array(kept.length + 1);
    all[0] = first;
    all.set(kept, 1);
    return all;
  };
  return {
    falsePositiveRate: from(0, negatives).map((count) => count / allNegatives),
    truePositiveRate: from(0, positives).map((count) => count / allPositives),
    thresholds: from(Infinity, counts.scores),
  };
}

/** Whether the step to place `t` differs from the step after it. */
function bends(values: Float64Array, t: number): boolean {
  // The order of subtraction is NumPy's, so that rounded weights keep the same points.
  return (values[t + 1] - values[t]) - (values[t] - values[t - 1]) !== 0;
}
