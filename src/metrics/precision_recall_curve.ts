/** Precision over recall as arrays. */

import { countThresholds } from "./ranking.ts";
import type { CurveOptions } from "./roc_curve.ts";

/** Precision and recall at each threshold, and a last point without one. */
export interface PrecisionRecallCurve {
  /** Share of the rows at or above the threshold that are positive; 1 at the end. */
  readonly precision: Float64Array;
  /** Share of the positives at or above the threshold, falling to 0 at the end. */
  readonly recall: Float64Array;
  /** The thresholds, rising, one fewer than points. */
  readonly thresholds: Float64Array;
}

/**
 * The curve of precision over recall. Recall is 1 throughout if no row is positive.
 *
 * Source: scikit-learn `precision_recall_curve`; `dropIntermediate` is `false` by default.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const curve = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * assertEquals([...curve.precision], [0.5, 2 / 3, 0.5, 1, 1]);
 * assertEquals([...curve.recall], [1, 1, 0.5, 0.5, 0]);
 * assertEquals([...curve.thresholds], [0.1, 0.35, 0.4, 0.8]);
 * ```
 */
export function precisionRecallCurve(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  { dropIntermediate = false, sampleWeight }: CurveOptions = {},
): PrecisionRecallCurve {
  const counts = countThresholds(yTrue, scores, sampleWeight);
  const { positives, negatives, allPositives } = counts;
  const last = positives.length - 1;
  const changes = (_: number, t: number) =>
    t === 0 || t === last || positives[t] !== positives[t - 1] ||
    positives[t + 1] !== positives[t];
  const kept = (values: Float64Array) =>
    (dropIntermediate ? values.filter(changes) : values).toReversed();
  const precision = positives.map((count, t) => count / (count + negatives[t]));
  const recall = positives.map((count) => allPositives > 0 ? count / allPositives : 1);
  return {
    precision: endingWith(1, kept(precision)),
    recall: endingWith(0, kept(recall)),
    thresholds: kept(counts.scores),
  };
}

function endingWith(last: number, values: Float64Array): Float64Array {
  const all = new Float64Array(values.length + 1).fill(last);
  all.set(values);
  return all;
}
