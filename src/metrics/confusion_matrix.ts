/** How often each class is taken for each other. */

import { checkPaired, checkWeights } from "./check.ts";

/** Rows, or their weight, by true class (first index) and predicted class (second index). */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * Counts rows by true and predicted class.
 *
 * Source: scikit-learn `confusion_matrix`.
 *
 * @param yTrue True classes, 0 to classes − 1, shape [rows].
 * @param yPred Predicted classes, shape [rows].
 * @param classes Number of classes.
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @throws {RangeError} if the lengths differ or a label is not a class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(confusionMatrix([0, 0, 1, 2], [0, 1, 1, 2], 3), [[1, 1, 0], [0, 1, 0], [0, 0, 1]]);
 * ```
 */
export function confusionMatrix(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  classes: number,
  sampleWeight?: ArrayLike<number>,
): ConfusionMatrix {
  checkPaired(yTrue, yPred, "predictions");
  checkWeights(yTrue, sampleWeight);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < yTrue.length; i++) {
    const found = counts[yTrue[i]]?.[yPred[i]];
    if (found === undefined) {
      throw new RangeError(
        `Cannot count row ${i} of true class ${yTrue[i]} and predicted class ${
          yPred[i]
        }; give classes of 0 to ${classes - 1}`,
      );
    }
    counts[yTrue[i]][yPred[i]] = found + (sampleWeight?.[i] ?? 1);
  }
  return counts;
}

/** The share of rows whose class was predicted, in [0, 1]. */
export function accuracy(matrix: ConfusionMatrix): number {
  let right = 0;
  let rows = 0;
  matrix.forEach((counts, label) => {
    right += counts[label];
    for (const count of counts) rows += count;
  });
  return right / rows;
}
