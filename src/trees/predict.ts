/** From scores to class probabilities and labels. */

import type { WorkerPool } from "../base/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import type { FeatureColumns } from "./features.ts";
import { scores } from "./scores.ts";

/**
 * The probability of each class for each row.
 *
 * @param trees A valid ensemble of a classifier.
 * @param X Rows with the columns that the trees were grown on.
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Class by class, shape [classes × rows]: class k of row i is at
 * `k * rows + i`. One logistic output gives two classes.
 * @throws {ModelError} if X has another number of columns than the trees read.
 */
export async function predictTreeProba(
  trees: TreeEnsemble,
  X: FeatureColumns,
  pool?: WorkerPool,
): Promise<Float32Array> {
  return applyLink(trees.link, await scores(trees, X, pool), X.rows);
}

/**
 * From scores to the probability of each class.
 *
 * @param values Scores output by output, shape [outputs × rows]; may be overwritten.
 * @returns Class by class, shape [classes × rows]. One logistic output gives two classes.
 */
export function applyLink(
  link: TreeEnsemble["link"],
  values: Float32Array,
  rows: number,
): Float32Array {
  switch (link) {
    case "identity":
      return values;
    case "logistic":
      return bothClasses(values);
    case "exp2":
      return values.map((value) => 2 ** value);
    case "softmax":
      softmaxInPlace(values, rows);
      return values;
    case "exp":
      return values.map(Math.exp);
  }
}

/**
 * The class with the highest value in each row; of equal ones the first.
 *
 * @param probabilities Class by class, shape [classes × rows].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const probabilities = [0.2, 0.5, 0.8, 0.5]; // two rows of two classes, class by class
 * assertEquals([...mostProbable(probabilities, 2)], [1, 0]);
 * ```
 */
export function mostProbable(probabilities: ArrayLike<number>, rows: number): Int32Array {
  const labels = new Int32Array(rows);
  for (let at = rows; at < probabilities.length; at += rows) {
    for (let i = 0; i < rows; i++) {
      if (probabilities[at + i] > probabilities[labels[i] * rows + i]) labels[i] = at / rows;
    }
  }
  return labels;
}

/** Probabilities of class 0 and class 1 from the log odds of class 1. */
function bothClasses(logOdds: Float32Array): Float32Array {
  const rows = logOdds.length;
  const probabilities = new Float32Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    const positive = Math.fround(1 / (1 + Math.exp(-logOdds[i])));
    probabilities[rows + i] = positive;
    probabilities[i] = 1 - positive;
  }
  return probabilities;
}

function softmaxInPlace(values: Float32Array, rows: number): void {
  for (let i = 0; i < rows; i++) {
    let highest = -Infinity;
    for (let at = i; at < values.length; at += rows) highest = Math.max(highest, values[at]);
    let sum = 0;
    for (let at = i; at < values.length; at += rows) {
      values[at] = Math.exp(values[at] - highest);
      sum += values[at];
    }
    for (let at = i; at < values.length; at += rows) values[at] /= sum;
  }
}
