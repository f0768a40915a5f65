/** Precision, recall and F1 from a confusion matrix. */

import type { ConfusionMatrix } from "./confusion_matrix.ts";

/** Three shares in [0, 1] that say how well one class, or all, is told from the others. */
export interface PrecisionRecallF1 {
  /** Of the rows predicted as the class, the share that is of the class. */
  readonly precision: number;
  /** Of the rows of the class, the share that is predicted as the class. */
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1: number;
}

/** The scores of one class. */
export interface ClassScores extends PrecisionRecallF1 {
  /** Rows of the class. */
  readonly support: number;
}

/**
 * Precision, recall and F1 of each class against all others. A score with
 * nothing to divide by (a class never predicted, or without rows) is 0.
 *
 * Source: scikit-learn `precision_recall_fscore_support(zero_division=0)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [poor] = classScores([[3, 1], [3, 5]]);
 * assertEquals(poor, { precision: 0.5, recall: 0.75, f1: 0.6, support: 4 });
 * ```
 */
export function classScores(matrix: ConfusionMatrix): ClassScores[] {
  return matrix.map((counts, label) => {
    const support = sum(counts);
    const predicted = sum(matrix.map((row) => row[label]));
    return { ...scores(counts[label], support, predicted), support };
  });
}

/**
 * One score for all classes: `macro` is the plain mean, `weighted` the mean by
 * rows of the class, `micro` counts rows of all classes together. A class that
 * is neither true nor predicted in any row is left out.
 *
 * Source: scikit-learn `precision_recall_fscore_support(average=…, zero_division=0)`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const { recall } = averageScores([[3, 1], [3, 5]], "macro");
 * assertAlmostEquals(recall, (3 / 4 + 5 / 8) / 2);
 * ```
 */
export function averageScores(
  matrix: ConfusionMatrix,
  average: "macro" | "micro" | "weighted",
): PrecisionRecallF1 {
  const rows = sum(matrix.map(sum));
  if (average === "micro") {
    return scores(sum(matrix.map((counts, label) => counts[label])), rows, rows);
  }
  const seen = classScores(matrix).filter(({ support }, label) =>
    support > 0 || matrix.some((counts) => counts[label] > 0)
  );
  const mean = (key: keyof PrecisionRecallF1) =>
    average === "macro"
      ? sum(seen.map((scores) => scores[key])) / seen.length
      : sum(seen.map((scores) => scores[key] * scores.support)) / rows;
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
}

function scores(right: number, support: number, predicted: number): PrecisionRecallF1 {
  return {
    precision: predicted > 0 ? right / predicted : 0,
    recall: support > 0 ? right / support : 0,
    f1: support + predicted > 0 ? 2 * right / (support + predicted) : 0,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
