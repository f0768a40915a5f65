/** The figures by which classifiers are compared, under the names they are logged with. */

import { accuracy, confusionMatrix } from "./confusion_matrix.ts";
import { averageScores } from "./precision_recall_f1.ts";

/** Four scores in [0, 1], higher is better. */
export interface ClassificationReport {
  /** Share of rows whose class was predicted. */
  readonly accuracy: number;
  /** Mean precision over classes. */
  readonly precision_macro: number;
  /** Mean recall over classes. */
  readonly recall_macro: number;
  /** Mean F1 over classes. */
  readonly f1_macro: number;
}

/**
 * Accuracy and macro scores of predicted labels, counted once.
 *
 * @param yTrue True classes, 0 to classes − 1, shape [rows].
 * @param yPred Predicted classes, shape [rows].
 * @param classes Number of classes.
 * @throws {RangeError} if the lengths differ or a label is not a class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(classificationReport([0, 1, 2], [0, 1, 2], 3).f1_macro, 1);
 * ```
 */
export function classificationReport(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  classes: number,
): ClassificationReport {
  const matrix = confusionMatrix(yTrue, yPred, classes);
  const { precision, recall, f1 } = averageScores(matrix, "macro");
  return {
    accuracy: accuracy(matrix),
    precision_macro: precision,
    recall_macro: recall,
    f1_macro: f1,
  };
}
