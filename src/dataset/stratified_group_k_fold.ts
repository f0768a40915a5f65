/** Cross-validation folds that keep groups whole, as all months of one customer. */

import { DataError } from "../base/mod.ts";
import { countsForFolds, type Fold, foldsFrom } from "./splits.ts";
import type { KFoldOptions } from "./stratified_k_fold.ts";

/**
 * Splits rows into folds so that all rows of a group are tested in the same
 * fold, with class shares as equal as that allows. Groups are placed one by one,
 * those with the most uneven classes first, each if the folds' class shares
 * then differ least.
 *
 * Source: scikit-learn `StratifiedGroupKFold` (the same folds without shuffling).
 *
 * @param y Class of each row, 0 to classes − 1.
 * @param groups Group of each row, any whole numbers.
 * @throws {DataError} if a class has fewer rows than there are folds, or there
 * are fewer groups than folds.
 * @throws {UsageError} if `folds` is not a whole number of 2 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const y = Int32Array.of(0, 1, 0, 1, 0, 1);
 * const customer = Int32Array.of(7, 7, 8, 8, 9, 9);
 * const [first] = stratifiedGroupKFold(y, customer, { folds: 3 });
 * assertEquals(customer[first.test[0]], customer[first.test[1]]);
 * ```
 */
export function stratifiedGroupKFold(
  y: Int32Array,
  groups: Int32Array,
  options: KFoldOptions,
): Fold[] {
  if (y.length !== groups.length) {
    throw new RangeError(
      `Cannot split: ${y.length} labels and ${groups.length} groups; give one group for each label`,
    );
  }
  const { folds, random } = options;
  const counts = countsForFolds(y, folds, options.classNames);
  const present = counts.flatMap((rows, label) => rows > 0 ? [label] : []);
  const totals = present.map((label) => counts[label]);

  const names = Int32Array.from(new Set(groups)).sort();
  if (names.length < folds) {
    throw new DataError(
      `Cannot split ${names.length} groups into ${folds} folds: a group stays whole`,
      { next: `ask for at most ${names.length} folds or give more groups` },
    );
  }
  const order = Int32Array.from(names.keys());
  random?.shuffle(order);
  const placeOf = new Map<number, number>();
  order.forEach((name, place) => placeOf.set(names[name], place));

  const classAt = new Int32Array(counts.length);
  present.forEach((label, k) => classAt[label] = k);
  const groupCounts = Array.from(order, () => new Float64Array(present.length));
  for (let i = 0; i < y.length; i++) groupCounts[placeOf.get(groups[i])!][classAt[y[i]]]++;

  const foldOfGroup = placeGroups(groupCounts, totals, folds);
  return foldsFrom(Int32Array.from(groups, (group) => foldOfGroup[placeOf.get(group)!]), folds);
}

/** The fold of each group, whose rows per class are `groupCounts`. */
function placeGroups(
  groupCounts: readonly Float64Array[],
  totals: readonly number[],
  folds: number,
): Int32Array {
  const unevenness = groupCounts.map((counts) => deviation(counts));
  const order = [...groupCounts.keys()].sort((a, b) => unevenness[b] - unevenness[a]);
  const foldCounts = Array.from({ length: folds }, () => new Float64Array(totals.length));
  const foldRows = new Float64Array(folds);
  const foldOfGroup = new Int32Array(groupCounts.length);
  const shares = new Float64Array(folds);

  /** How unevenly the classes lie over the folds if `fold` took `group`. */
  const imbalance = (group: Float64Array, fold: number): number => {
    let sum = 0;
    for (let k = 0; k < totals.length; k++) {
      for (let f = 0; f < folds; f++) {
        shares[f] = (foldCounts[f][k] + (f === fold ? group[k] : 0)) / totals[k];
      }
      sum += deviation(shares);
    }
    return sum / totals.length;
  };

  for (const place of order) {
    const group = groupCounts[place];
    let best = 0;
    let least = Infinity;
    for (let fold = 0; fold < folds; fold++) {
      const found = imbalance(group, fold);
      if (found < least || (isClose(found, least) && foldRows[fold] < foldRows[best])) {
        best = fold;
        least = found;
      }
    }
    for (let k = 0; k < totals.length; k++) {
      foldCounts[best][k] += group[k];
      foldRows[best] += group[k];
    }
    foldOfGroup[place] = best;
  }
  return foldOfGroup;
}

/** The standard deviation of `values` as a whole population. */
function deviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/** Equal but for rounding, by the tolerances of `numpy.isclose`. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}
