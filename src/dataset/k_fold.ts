/** Cross-validation folds of rows, or of whole groups, whatever their classes. */

import { DataError } from "../base/mod.ts";
import { checkFolds, type Fold, foldsFrom } from "./splits.ts";
import type { KFoldOptions } from "./stratified_k_fold.ts";

/**
 * Splits rows into folds whose sizes differ by at most one.
 *
 * Source: scikit-learn `KFold`, whose fold sizes (and, without shuffling, whose
 * rows) are the same.
 *
 * @param rows Number of rows.
 * @throws {DataError} if there are fewer rows than folds.
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(kFold(5, { folds: 2 }).map(({ test }) => [...test]), [[0, 1, 2], [3, 4]]);
 * ```
 */
export function kFold(
  rows: number,
  { folds, random }: Omit<KFoldOptions, "classNames">,
): Fold[] {
  checkFolds(folds);
  if (rows < folds) {
    throw new DataError(`Cannot split into ${folds} folds: there are only ${rows} rows`, {
      next: "ask for fewer folds or add rows",
    });
  }
  const testFold = Int32Array.from({ length: rows }, (_, i) => i);
  random?.shuffle(testFold);
  const foldOf = new Int32Array(rows);
  let next = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0);
    for (let i = 0; i < size; i++) foldOf[testFold[next++]] = fold;
  }
  return foldsFrom(foldOf, folds);
}

/**
 * Splits rows into folds of about equal size that keep each group whole: groups
 * are dealt, the largest first, to the fold with the fewest rows.
 *
 * Source: scikit-learn `GroupKFold`, whose fold sizes are the same.
 *
 * @param groups Group of each row.
 * @throws {DataError} if there are fewer groups than folds.
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const folds = groupKFold([7, 7, 7, 8, 9], { folds: 2 });
 * assertEquals(folds.map(({ test }) => [...test]), [[0, 1, 2], [3, 4]]);
 * ```
 */
export function groupKFold(
  groups: ArrayLike<number>,
  { folds, random }: Omit<KFoldOptions, "classNames">,
): Fold[] {
  checkFolds(folds);
  const sizes = new Map<number, number>();
  for (let i = 0; i < groups.length; i++) sizes.set(groups[i], (sizes.get(groups[i]) ?? 0) + 1);
  if (sizes.size < folds) {
    throw new DataError(`Cannot split into ${folds} folds: there are only ${sizes.size} groups`, {
      next: "ask for fewer folds or add rows of other groups",
    });
  }
  const order = Float64Array.from(sizes.keys());
  random?.shuffle(order);
  // A stable sort: groups of one size stay in the order that was drawn.
  const largest = [...order].sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  const filled = new Int32Array(folds);
  const foldOf = new Map<number, number>();
  for (const group of largest) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] += sizes.get(group)!;
    foldOf.set(group, fold);
  }
  return foldsFrom(Int32Array.from(groups, (group) => foldOf.get(group)!), folds);
}
