/** Cross-validation folds that each have the class shares of the whole. */

import type { Random } from "../base/mod.ts";
import { countsForFolds, type Fold, foldsFrom } from "./splits.ts";

/** How rows are spread over folds. */
export interface KFoldOptions {
  /** Number of folds, 2 or more. */
  readonly folds: number;
  /** Shuffles which rows (or groups) share a fold; without it their order decides. */
  readonly random?: Random;
  /** Names of the classes for error messages; their numbers where left out. */
  readonly classNames?: readonly string[];
}

/**
 * Splits rows into folds of equal size and equal class shares: fold sizes, and
 * the rows of a class in each fold, differ by at most one.
 *
 * Source: scikit-learn `StratifiedKFold`, whose class counts per fold (and,
 * without shuffling, whose rows) are the same.
 *
 * @param y Class of each row, 0 to classes − 1.
 * @throws {DataError} if a class has fewer rows than there are folds.
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * const y = Int32Array.of(0, 0, 0, 0, 1, 1);
 * const [first] = stratifiedKFold(y, { folds: 2, random: new Random(42) });
 * assertEquals(Array.from(first.test, (row) => y[row]).sort(), [0, 0, 1]);
 * ```
 */
export function stratifiedKFold(y: Int32Array, options: KFoldOptions): Fold[] {
  const { folds, random } = options;
  const counts = countsForFolds(y, folds, options.classNames);
  const testFold = new Int32Array(y.length);
  // Dealing all rows, ordered by class, to the folds in turn says how many of
  // each class a fold gets, so that no fold collects all the left-over rows.
  let dealt = 0;
  for (const label of new Set(y)) {
    const share = new Int32Array(folds);
    for (let i = 0; i < counts[label]; i++) share[(dealt + i) % folds]++;
    dealt += counts[label];
    const foldOfRow = new Int32Array(counts[label]);
    let filled = 0;
    share.forEach((rows, fold) => foldOfRow.fill(fold, filled, filled += rows));
    random?.shuffle(foldOfRow);
    let next = 0;
    for (let i = 0; i < y.length; i++) if (y[i] === label) testFold[i] = foldOfRow[next++];
  }
  return foldsFrom(testFold, folds);
}
