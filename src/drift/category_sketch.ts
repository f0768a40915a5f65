/** Counts of categories that are kept up to date in bounded memory. */

import { type ColumnSketch, otherKind } from "./column_sketch.ts";
import { EffectiveSum } from "./effective_sum.ts";
import { countCategories } from "./category_counts.ts";
import type { CategoryStatistics } from "./column_statistics.ts";
import { MOST_CATEGORIES, mostFrequentCategories } from "./reference_statistics.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/**
 * Counts categories one by one and tells the same statistics as
 * {@link categoryStatistics}. Up to 256 categories counts are exact; of more,
 * each count is too low by at most a 257th of all values, and what is not
 * counted by name is `other`.
 *
 * Source: Misra and Gries, 1982, "Finding repeated elements"; mergeable by
 * Agarwal and others, 2012, "Mergeable summaries".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sketch = new CategorySketch();
 * for (const name of ["Yes", "No", null, "Yes"]) sketch.add(name);
 * assertEquals(sketch.statistics().categories, [{ name: "Yes", count: 2 }, { name: "No", count: 1 }]);
 * ```
 */
export class CategorySketch implements ColumnSketch {
  readonly #counts = new Map<string, number>();
  #count = 0;
  #missing = 0;
  readonly #effective = new EffectiveSum();

  /** Continues from statistics. */
  static from(statistics: CategoryStatistics): CategorySketch {
    const sketch = new CategorySketch();
    sketch.merge(statistics);
    return sketch;
  }

  /** Takes one value in, `times` times; null is missing. */
  add(name: string | null, times = 1): void {
    if (name === null) {
      this.#missing += times;
      return;
    }
    this.#count += times;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
    // Twice the room, so that most new categories cost no cut.
    if (this.#counts.size > 2 * MOST_CATEGORIES) this.#cut();
  }

  addRows(column: ColumnValues, from: number, to: number, groups?: Int32Array): void {
    if (column.kind !== "category") throw otherKind("category", column.kind);
    this.#effective.addRows(column, from, to, groups);
    const isAll = from === 0 && to === column.codes.length;
    const codes = isAll ? column.codes : Array.prototype.slice.call(column.codes, from, to);
    const { byName, missing } = countCategories({ ...column, codes });
    for (const [name, count] of byName) this.add(name, count);
    this.#missing += missing;
  }

  /** Takes all that others counted in. */
  merge(statistics: ColumnStatistics): void {
    if (statistics.kind !== "category") throw otherKind("category", statistics.kind);
    this.#effective.merge(statistics);
    for (const { name, count } of statistics.categories) this.add(name, count);
    this.#count += statistics.other;
    this.#missing += statistics.missing;
  }

  /** The statistics so far, plain JSON from which {@link CategorySketch.from} goes on. */
  statistics(): CategoryStatistics {
    if (this.#counts.size > MOST_CATEGORIES) this.#cut();
    return {
      ...mostFrequentCategories(this.#counts, this.#count, this.#missing),
      ...this.#effective.field(this.#count, this.#missing),
    };
  }

  /** Takes the count of the first category too many off all, which bounds the error of each. */
  #cut(): void {
    const counts = [...this.#counts.values()].sort((a, b) => b - a);
    const off = counts[MOST_CATEGORIES];
    for (const [name, count] of this.#counts) {
      if (count > off) this.#counts.set(name, count - off);
      else this.#counts.delete(name);
    }
  }
}
