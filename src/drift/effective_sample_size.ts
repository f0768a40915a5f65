/** How many independent values the values of a column are worth if rows come in groups. */

import type { EffectiveCounts } from "./column_statistics.ts";
import { stepCdf } from "./number_view.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";
import { sortNumbers } from "./sort_numbers.ts";

/**
 * What a column is worth: the variance of its mean under independent rows over
 * the variance between whole groups, its design effect, divides the count. With
 * groups of m rows each and an intra-group correlation of ρ that is Kish's
 * 1 + (m − 1)ρ with ρ by one-way analysis of variance. It is held between 1
 * (independent rows) and Σm²/Σm (each group repeats one value), which it is also
 * where nothing varies and so nothing is known.
 *
 * Numbers go by their ranks, as outliers hide that all others repeat. Categories
 * and gaps go by the mean over their indicators, each weighing its variance, as
 * chance decides over rare ones. Texts and moments count once a group.
 *
 * Source: Kish, 1965, "Survey sampling"; Rao and Scott, 1981, "The analysis of
 * categorical data from complex sample surveys".
 *
 * @param groups Group of each value, from 0 on, shape [values].
 * @throws {RangeError} if groups and values are not one to one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = Float64Array.of(7, 7, 3, 3, 9, 9, 1, 1);
 * const { groups, values: worth } = effectiveCounts({ kind: "number", values }, [0, 0, 1, 1, 2, 2, 3, 3]);
 * assertEquals([groups, worth], [4, 4]);
 * ```
 */
export function effectiveCounts(
  column: ColumnValues,
  groups: ArrayLike<number>,
): EffectiveCounts {
  const { length } = column.kind === "category" ? column.codes : column.values;
  if (groups.length !== length) {
    throw new RangeError(`Cannot group ${length} values by ${groups.length} groups; give one each`);
  }
  const gaps = Int32Array.from({ length: groups.length }, (_, i) => isThere(column, i) ? 0 : 1);
  const all = clusters(groups, () => true);
  const there = clusters(groups, (i) => gaps[i] === 0);
  const ratio = column.kind === "number"
    ? ofNumbers(column.values, groups, there)
    : column.kind === "category"
    ? ofCodes(column.codes, groups, there)
    : NaN;
  return {
    values: worth(there, ratio),
    rows: worth(all, ofCodes(gaps, groups, all)),
    groups: all.groups,
  };
}

/** What statistics are worth that stand for rows: all of them unless they tell otherwise. */
export function worthOf({ count, missing, effective }: ColumnStatistics): EffectiveCounts {
  const rows = count + missing;
  return effective ?? { values: count, rows, groups: rows };
}

/** Group of each value of a column; undefined if each stands for itself. */
export function valueGroups(
  column: ColumnValues,
  groups: Int32Array | undefined,
): Int32Array | undefined {
  if (column.kind === "text" && column.vectors) return undefined;
  const rows = column.kind === "category" ? column.rows : undefined;
  return rows && groups ? rows.map((row) => groups[row]) : rows ?? groups;
}

/** Of rows in some order, the first of each group. */
export function firstOfEach(groups: Int32Array, order: Int32Array): Int32Array {
  const seen = new Set<number>();
  return order.filter((row) => !seen.has(groups[row]) && seen.add(groups[row]));
}

/** Groups of the values that count. */
interface Clusters {
  /** Values by group, 0 if a group has none. */
  readonly sizes: Float64Array;
  /** Values of all groups. */
  readonly count: number;
  /** Groups that have values. */
  readonly groups: number;
  /** Sum of squared sizes. */
  readonly squares: number;
}

function clusters(groups: ArrayLike<number>, counts: (i: number) => boolean): Clusters {
  let last = -1;
  for (let i = 0; i < groups.length; i++) if (groups[i] > last) last = groups[i];
  const sizes = new Float64Array(last + 1);
  for (let i = 0; i < groups.length; i++) if (counts(i)) sizes[groups[i]]++;
  return {
    sizes,
    count: sum(sizes),
    groups: sizes.reduce((found, size) => size > 0 ? found + 1 : found, 0),
    squares: sum(sizes.map((size) => size * size)),
  };
}

function worth({ count, groups, squares }: Clusters, ratio: number): number {
  if (count === 0) return 0;
  const most = squares / count;
  const effect = ratio * groups / (groups - 1) * (count - 1) / count;
  // NaN, if nothing varies or there is one group, is not less either.
  return count / (effect < most ? Math.max(1, effect) : most);
}

/** Squared totals of groups over squares of values, both of ranks around their mean. */
function ofNumbers(
  values: ArrayLike<number>,
  groups: ArrayLike<number>,
  { sizes }: Clusters,
): number {
  const { below, atOrBelow } = stepCdf(
    sortNumbers(Float64Array.from(values).filter(Number.isFinite)),
  );
  const totals = new Float64Array(sizes.length);
  let squares = 0;
  for (let i = 0; i < groups.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const rank = below(values[i]) + atOrBelow(values[i]) - 1;
    totals[groups[i]] += rank;
    squares += rank * rank;
  }
  return sum(totals.map((total) => total * total)) / squares;
}

/** The same of the indicators of all categories together. */
function ofCodes(
  codes: ArrayLike<number>,
  groups: ArrayLike<number>,
  { sizes, count, squares }: Clusters,
): number {
  interface Category {
    count: number;
    /** Sum over groups of their squared counts. */
    squares: number;
    /** Sum over groups of their counts times their sizes. */
    cross: number;
    /** Counts by group. */
    byGroup: Map<number, number>;
  }
  const categories = new Map<number, Category>();
  for (let i = 0; i < groups.length; i++) {
    if (codes[i] < 0) continue;
    let category = categories.get(codes[i]);
    if (category === undefined) {
      category = { count: 0, squares: 0, cross: 0, byGroup: new Map() };
      categories.set(codes[i], category);
    }
    const seen = category.byGroup.get(groups[i]) ?? 0;
    category.byGroup.set(groups[i], seen + 1);
    category.count++;
    category.squares += 2 * seen + 1;
    category.cross += sizes[groups[i]];
  }
  let [between, all] = [0, 0];
  for (const category of categories.values()) {
    const share = category.count / count;
    between += category.squares - 2 * share * category.cross + share * share * squares;
    all += category.count * (1 - share);
  }
  return between / all;
}

/** Whether value `i` of a column is there. */
export function isThere(column: ColumnValues, i: number): boolean {
  if (column.kind === "category") return column.codes[i] >= 0;
  return column.kind === "text" ? column.values[i] !== null : Number.isFinite(column.values[i]);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
