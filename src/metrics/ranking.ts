/** Rows in falling order of score, counted at each threshold. */

/** Positives and negatives at or above a score that at least one row has. */
export interface Threshold {
  /** Positive rows at or above it. */
  readonly positives: number;
  /** Negative rows at or above it. */
  readonly negatives: number;
}

/**
 * Walks over the distinct scores from the highest down and counts the rows at
 * or above each; rows of equal score count together.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher where a row is more likely positive, shape [rows].
 * @throws {RangeError} where a score is NaN.
 */
export function* thresholds(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
): Generator<Threshold> {
  // Typed arrays sort numbers, NaN last, without calls to a comparison.
  const sorted = Float64Array.from(scores).sort();
  if (Number.isNaN(sorted.at(-1))) throw new RangeError("Cannot rank a score that is NaN");
  const positiveScores = Float64Array.from(
    Array.prototype.filter.call(scores, (_score, i) => yTrue[i] === 1),
  ).sort();
  let positive = positiveScores.length - 1;
  for (let i = sorted.length - 1; i >= 0;) {
    const score = sorted[i];
    while (i >= 0 && sorted[i] === score) i--;
    while (positive >= 0 && positiveScores[positive] >= score) positive--;
    const positives = positiveScores.length - 1 - positive;
    yield { positives, negatives: sorted.length - 1 - i - positives };
  }
}
