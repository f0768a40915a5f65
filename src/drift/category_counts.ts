/** Counts of categories of two samples, side by side. */

import type { CategoryStatistics } from "./column_statistics.ts";
import type { CategorySample } from "./sample.ts";

/** How often each category occurs in one sample. */
export interface CategoryCounts {
  /** Values that were there. */
  readonly count: number;
  /** Values that were missing. */
  readonly missing: number;
  /** Counts by name, none of them 0. */
  readonly byName: ReadonlyMap<string, number>;
  /** Values of categories that were not kept by name. */
  readonly other: number;
}

/** Counts of both samples of the same categories. */
export interface PairedCounts {
  /** The categories; the last one is `null` for all others if there are. */
  readonly names: readonly (string | null)[];
  /** Counts in the reference, shape [names]. */
  readonly reference: Float64Array;
  /** Counts in the current data, shape [names]. */
  readonly current: Float64Array;
  /** Whether all categories of the reference are known, so that new ones can be told. */
  readonly complete: boolean;
}

/**
 * Counts a column of categories.
 *
 * @throws {RangeError} if a code is beyond the vocabulary.
 */
export function countCategories(column: CategorySample | CategoryStatistics): CategoryCounts {
  if (!("codes" in column)) {
    const { count, missing, categories, other } = column;
    return { count, missing, other, byName: new Map(categories.map((c) => [c.name, c.count])) };
  }
  const { codes, vocabulary } = column;
  const counts = new Float64Array(vocabulary.length);
  let missing = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code < 0) missing++;
    else counts[code]++;
    if (code >= vocabulary.length) {
      throw new RangeError(
        `Cannot count categories: code ${code} is beyond the vocabulary of ${vocabulary.length}`,
      );
    }
  }
  const byName = new Map<string, number>();
  vocabulary.forEach((name, code) => {
    if (counts[code] > 0) byName.set(name, (byName.get(name) ?? 0) + counts[code]);
  });
  return { count: codes.length - missing, missing, byName, other: 0 };
}

/** Counts texts as categories. */
export function countTexts(values: readonly (string | null)[]): CategoryCounts {
  const byName = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing++;
    else byName.set(value, (byName.get(value) ?? 0) + 1);
  }
  return { count: values.length - missing, missing, byName, other: 0 };
}

/**
 * Puts the counts of two samples side by side. A category that one side may
 * have among its others counts as other on both.
 */
export function pairCounts(reference: CategoryCounts, current: CategoryCounts): PairedCounts {
  const known = (counts: CategoryCounts, name: string) =>
    counts.other === 0 || counts.byName.has(name);
  const names: (string | null)[] = [
    ...new Set([...reference.byName.keys(), ...current.byName.keys()]),
  ]
    .filter((name) => known(reference, name) && known(current, name));
  const countsOf = (counts: CategoryCounts) => {
    const listed = names.map((name) => counts.byName.get(name!) ?? 0);
    return [...listed, counts.count - listed.reduce((sum, count) => sum + count, 0)];
  };
  const [r, c] = [countsOf(reference), countsOf(current)];
  const others = r[names.length] + c[names.length] > 0;
  const length = names.length + (others ? 1 : 0);
  return {
    names: others ? [...names, null] : names,
    reference: Float64Array.from(r.slice(0, length)),
    current: Float64Array.from(c.slice(0, length)),
    complete: reference.other === 0,
  };
}
