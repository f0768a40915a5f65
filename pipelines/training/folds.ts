/** How rows are dealt to folds, at random and by whole groups. */

import { Random } from "../../src/base/mod.ts";
import type { CleanData, FeatureSet } from "../../src/features/mod.ts";
import { type Fold, stratifiedGroupKFold, stratifiedKFold } from "../../src/table/mod.ts";

/** Both ways to deal the same rows. */
export interface Folds {
  /** Stratified by class, rows dealt at random. */
  readonly random: readonly Fold[];
  /** Stratified by class, groups kept whole; undefined where each group has one row. */
  readonly grouped?: readonly Fold[];
}

/**
 * Deals the rows of `data` to `folds` folds in both ways, so that data too small
 * for either is refused before anything is trained.
 *
 * @throws {DataError} where a class or the groups are fewer than the folds.
 */
export function dealFolds(
  { target: { classes } }: FeatureSet,
  { labels, groups }: CleanData,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Folds {
  const options = { folds, classNames: classes };
  const random = stratifiedKFold(labels!, { ...options, random: new Random(seed) });
  const shared = groups !== undefined && new Set(groups).size < groups.length;
  if (!shared) return { random };
  const grouped = stratifiedGroupKFold(labels!, groups, { ...options, random: new Random(seed) });
  return { random, grouped };
}
