/** Encodings that read the target, for rows that must not see their own. */

import { deriveSeed, Random } from "../../base/mod.ts";
import type { FitContext } from "./kind.ts";

/** How training rows are dealt to folds. */
export interface FoldOptions {
  /** How many folds; 5 unless it is set. */
  readonly folds?: number;
  /** Seed of the dealing; 0 unless it is set. */
  readonly seed?: number;
}

/** What contradicts itself in the folds, undefined if nothing does. */
export function foldsFault({ folds = 5 }: FoldOptions, column: string): string | undefined {
  if (!Number.isInteger(folds) || folds < 2) {
    return `folds of ${column} are ${folds}, wanted 2 or more`;
  }
}

/**
 * Deals the rows to folds: a row that is there twice, and rows of one group, to
 * the same one, so that no encoding of a row is learned from itself or its like.
 * With fewer rows (or groups) than folds, each is a fold of its own.
 *
 * @param each Gets the rows to learn from, and the places within `rows` of those
 * to encode.
 */
export function eachFold(
  { rows, target, name }: FitContext,
  { folds = 5, seed = 0 }: FoldOptions,
  each: (learn: Int32Array, places: Int32Array) => void,
): void {
  const unitOf = (row: number) => target?.groups ? target.groups[row] : row;
  const units = [...new Set(Array.from(rows, unitOf))].sort((a, b) => a - b);
  const letters = Array.from(name, (letter) => letter.codePointAt(0)!);
  new Random(deriveSeed(seed, ...letters)).shuffle(units);
  const count = Math.min(folds, units.length);
  const foldOf = new Map(units.map((unit, at) => [unit, at % count]));
  const fold = Int32Array.from(rows, (row) => foldOf.get(unitOf(row))!);
  for (let k = 0; k < count; k++) {
    const places = Int32Array.from(fold.keys()).filter((at) => fold[at] === k);
    each(rows.filter((_, at) => fold[at] !== k), places);
  }
}
