/** Whether one model is better than another on the same folds. */

/** How far two models lie apart. */
export interface PairedComparison {
  /** Mean difference, the first minus the second. */
  readonly difference: number;
  /** Ends of the confidence interval of the difference. */
  readonly interval: readonly [low: number, high: number];
  /** Chance of a difference as large if there is none, in [0, 1]. */
  readonly pValue: number;
}

/**
 * The corrected resampled t-test: folds of one table share training rows, so the variance
 * of their mean is not that of as many tables, but larger by the share of test to training rows.
 *
 * Source: Nadeau and Bengio (2003), "Inference for the Generalization Error", Machine
 * Learning 52; for repeated cross-validation Bouckaert and Frank (2004).
 *
 * @param first Metric of the first model on each fold, two or more.
 * @param second The same of the second model.
 * @param testShare Test rows through training rows of a fold: 1 / (k − 1) for k folds.
 * @param coverage Share of intervals that hold the true difference; 0.95 by default.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { difference, pValue } = pairedComparison([0.8, 0.82, 0.81], [0.7, 0.75, 0.71], 0.5);
 * assertAlmostEquals(difference, 0.09);
 * assertAlmostEquals(pValue, 0.0295, 1e-4);
 * ```
 */
export function pairedComparison(
  first: readonly number[],
  second: readonly number[],
  testShare: number,
  coverage = 0.95,
): PairedComparison {
  const count = first.length;
  if (count < 2 || second.length !== count) {
    throw new RangeError(
      `Cannot compare ${count} folds with ${second.length}; give the same two or more`,
    );
  }
  const differences = first.map((value, i) => value - second[i]);
  const difference = differences.reduce((sum, d) => sum + d, 0) / count;
  const squares = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0);
  const error = Math.sqrt((1 / count + testShare) * squares / (count - 1));
  const degrees = count - 1;
  const half = error * studentQuantile((1 + coverage) / 2, degrees);
  const tail = error === 0
    ? (difference === 0 ? 1 : 0)
    : 2 * studentTail(Math.abs(difference) / error, degrees);
  return { difference, interval: [difference - half, difference + half], pValue: tail };
}

/**
 * Chance that Student's t with a whole number of degrees of freedom is above `t`, 0 or more.
 *
 * Source: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
 */
export function studentTail(t: number, degrees: number): number {
  const angle = Math.atan2(t, Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const even = degrees % 2 === 0;
  let term = even ? 1 : cosine;
  let sum = degrees === 1 ? 0 : term;
  for (let i = even ? 2 : 3; i < degrees; i += 2) {
    term *= cosine * cosine * (i - 1) / i;
    sum += term;
  }
  const inside = even ? sine * sum : 2 / Math.PI * (angle + sine * sum);
  return (1 - inside) / 2;
}

/** The number below which Student's t is with a chance of `share`, 0.5 or more. */
export function studentQuantile(share: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > 1 - share && high < 1e12) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > 1 - share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
