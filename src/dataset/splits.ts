/** Folds for cross-validation, and what every way of making them shares. */

import { DataError, UsageError } from "../base/mod.ts";

/** One round of cross-validation: which rows train and which test. */
export interface Fold {
  /** Rows to train on, rising. */
  readonly train: Int32Array;
  /** Rows to test on, rising. */
  readonly test: Int32Array;
}

/** @throws {UsageError} if `folds` is not a whole number of 2 or more. */
export function checkFolds(folds: number): void {
  if (Number.isInteger(folds) && folds >= 2) return;
  throw new UsageError(`Cannot split into ${folds} folds; give a whole number of 2 or more`);
}

/**
 * Checks that `y` can be spread over `folds` folds and counts its classes.
 *
 * @returns Rows of each class, 0 if a class does not appear, shape [classes].
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 * @throws {DataError} if a class that appears has fewer rows than `folds`.
 */
export function countsForFolds(
  y: ArrayLike<number>,
  folds: number,
  classNames: readonly string[] = [],
): number[] {
  checkFolds(folds);
  if (y.length === 0) throw new DataError(`Cannot split into ${folds} folds: there are no rows`);
  const counts: number[] = [];
  for (let i = 0; i < y.length; i++) {
    while (counts.length <= y[i]) counts.push(0);
    counts[y[i]]++;
  }
  const small = counts.findIndex((rows) => rows > 0 && rows < folds);
  if (small >= 0) {
    const rows = counts[small] === 1 ? "1 row" : `${counts[small]} rows`;
    throw new DataError(
      `Cannot split into ${folds} folds: class ${classNames[small] ?? small} has only ${rows}`,
      { next: "ask for fewer folds, add rows of that class or merge it with another" },
    );
  }
  return counts;
}

/** The folds where row `i` is tested in fold `testFold[i]`. */
export function foldsFrom(testFold: ArrayLike<number>, folds: number): Fold[] {
  const sizes = new Int32Array(folds);
  for (let i = 0; i < testFold.length; i++) sizes[testFold[i]]++;
  return Array.from(sizes, (size, fold) => {
    const train = new Int32Array(testFold.length - size);
    const test = new Int32Array(size);
    let trained = 0;
    let tested = 0;
    for (let i = 0; i < testFold.length; i++) {
      if (testFold[i] === fold) test[tested++] = i;
      else train[trained++] = i;
    }
    return { train, test };
  });
}
