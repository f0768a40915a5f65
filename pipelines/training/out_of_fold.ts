/** What cross-validation predicted for each row, by a model that had not seen it. */

import type { Fold } from "../../src/table/mod.ts";
import type { CombinationScores } from "./cross_validate.ts";

/** Predictions of rows by the fold that held them out. */
export interface OutOfFold {
  /** True class of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Probabilities class by class, shape [classes × rows]: class k of row i is at `k * rows + i`. */
  readonly probabilities: Float32Array;
}

/** Puts the folds' probabilities into the order of the rows. */
export function outOfFold(
  { folds: scores }: CombinationScores,
  folds: readonly Fold[],
  labels: Int32Array,
): OutOfFold {
  const rows = labels.length;
  const classes = scores[0].probabilities.length / folds[0].test.length;
  const probabilities = new Float32Array(classes * rows);
  folds.forEach(({ test }, index) => {
    const part = scores[index].probabilities;
    for (let k = 0; k < classes; k++) {
      test.forEach((row, i) => probabilities[k * rows + row] = part[k * test.length + i]);
    }
  });
  return { labels, probabilities };
}

/** The probabilities of one class, shape [rows], and 1 for each row that has it. */
export function ofClass(
  { labels, probabilities }: OutOfFold,
  k: number,
): { readonly positive: Int32Array; readonly probability: Float32Array } {
  return {
    positive: labels.map((label) => label === k ? 1 : 0),
    probability: probabilities.subarray(k * labels.length, (k + 1) * labels.length),
  };
}
