/** Single numbers for a confusion matrix that chance and rare classes do not flatter. */

import type { ConfusionMatrix } from "./confusion_matrix.ts";

/**
 * The mean over classes of the share of their rows that is found (recall);
 * classes without rows are left out.
 *
 * Source: scikit-learn `balanced_accuracy_score`.
 *
 * @returns The mean in [0, 1]; 1 / classes for a guess.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(balancedAccuracy([[90, 0], [5, 5]]), 0.75); // accuracy would be 0.95
 * ```
 */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const support = matrix.map(sum);
  const recalls = matrix.map((row, label) => row[label] / support[label])
    .filter((_, label) => support[label] > 0);
  return sum(recalls) / recalls.length;
}

/**
 * The correlation of true and predicted classes: 1 for perfect predictions, 0
 * for a guess, below 0 for worse. 0 if all rows are, or are predicted as, one
 * class.
 *
 * Source: scikit-learn `matthews_corrcoef`; Gorodkin, 2004 (several classes).
 *
 * @returns The correlation in [−1, 1].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(matthewsCorrelation([[6, 2], [1, 3]]), 16 / Math.sqrt(7 * 5 * 8 * 4));
 * ```
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number {
  const support = matrix.map(sum);
  const predicted = columnSums(matrix);
  const rows = sum(support);
  const right = sum(matrix.map((row, label) => row[label]));
  const covariance = (a: readonly number[], b: readonly number[]) =>
    sum(a.map((value, k) => value * b[k]));
  const variances = (rows ** 2 - covariance(predicted, predicted)) *
    (rows ** 2 - covariance(support, support));
  return variances === 0
    ? 0
    : (right * rows - covariance(support, predicted)) / Math.sqrt(variances);
}

/**
 * How far predictions agree with the truth beyond what their class counts alone
 * would make them: 1 for all, 0 for chance. With `linear` or `quadratic`
 * weights a mistake costs its distance in classes, or the square of it, for
 * classes in an order.
 *
 * Source: scikit-learn `cohen_kappa_score`; Cohen, 1960 and 1968.
 *
 * @returns The agreement, at most 1; NaN if all rows are, and are predicted as, one class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(cohenKappa([[40, 10], [10, 40]]), 0.6);
 * ```
 */
export function cohenKappa(
  matrix: ConfusionMatrix,
  weights: "none" | "linear" | "quadratic" = "none",
): number {
  const support = matrix.map(sum);
  const predicted = columnSums(matrix);
  const rows = sum(support);
  let found = 0;
  let byChance = 0;
  matrix.forEach((row, i) =>
    row.forEach((count, j) => {
      const cost = weights === "none"
        ? Number(i !== j)
        : Math.abs(i - j) ** (weights === "linear" ? 1 : 2);
      found += cost * count;
      byChance += cost * support[i] * predicted[j] / rows;
    })
  );
  return 1 - found / byChance;
}

function columnSums(matrix: ConfusionMatrix): number[] {
  return matrix.map((_, label) => sum(matrix.map((row) => row[label])));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
