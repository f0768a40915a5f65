/** What the current data hold that the reference does not have. */

import type { PairedCounts } from "./category_counts.ts";
import type { ValueCounts } from "./measure_numbers.ts";
import type { NumberView } from "./number_view.ts";
import { unseenCategories } from "./statistics/unseen_categories.ts";
import { outsideTail, unseenValueTail } from "./statistics/unseen_numbers.ts";
import { weigh } from "./weigh_counts.ts";

/** Values or categories that the reference does not have. */
export interface Unseen {
  /** Share of the current values that are such, in [0, 1]. */
  readonly share: number;
  /** Number of different ones. */
  readonly count: number;
  /** Their names, most frequent first, at most 20. */
  readonly names: readonly string[];
  /** Chance of so many under no drift, null if it was not tested. */
  readonly pValue: number | null;
}

/** Names that are kept. */
const MOST_NAMES = 20;

/**
 * Categories of the current data that the reference does not have.
 *
 * @param weighed The same counts as what they are worth; undefined if nothing is tested.
 */
export function unseenOfCategories(
  counts: PairedCounts,
  weighed: { readonly reference: Float64Array; readonly current: Float64Array } | undefined,
): Unseen | null {
  if (!counts.complete) return null;
  const fresh = counts.names
    .map((name, i) => ({ name, count: counts.current[i], known: counts.reference[i] > 0 }))
    .filter(({ name, count, known }) => name !== null && count > 0 && !known);
  const all = counts.current.reduce((total, count) => total + count, 0);
  return {
    share: fresh.reduce((total, { count }) => total + count, 0) / all,
    ...named(fresh.map(({ name, count }) => ({ name: name!, count }))),
    pValue: weighed ? unseenCategories.measure(weighed.reference, weighed.current).pValue : null,
  };
}

/**
 * Numbers beyond all of the reference's, and the most frequent one between them
 * that the reference does not have: −99999, or a 0 if nothing was 0.
 *
 * @param values Rows of each value; undefined if the rows are gone.
 */
export function unseenOfNumbers(
  reference: NumberView,
  current: NumberView,
  values: ValueCounts | undefined,
): Unseen | null {
  const { range } = reference;
  const outside = range && current.outside?.(range);
  if (!range || outside === undefined) return null;
  const beyond = outsideTail(
    reference.worth,
    current.worth,
    Math.floor(outside * current.worth),
  );
  if (values === undefined) {
    // As many digits as a Float32 tells, or 7031.01 would be 7031.009765625.
    const [low, high] = range.map((end) => Number(end.toPrecision(7)));
    const names = outside > 0 ? [`outside ${low} to ${high}`] : [];
    return { share: outside, count: names.length, names, pValue: beyond };
  }
  const one = unseenValueTail(
    weigh(values.reference, reference.worth),
    weigh(values.current, current.worth),
  );
  const isOutside = (value: number) => value < range[0] || value > range[1];
  const fresh: { name: string; count: number }[] = [];
  let share = outside;
  values.values.forEach((value, i) => {
    const count = values.current[i];
    if (count === 0 || !isOutside(value) && i !== one.index) return;
    fresh.push({ name: String(value), count });
    if (!isOutside(value)) share += count / (current.sorted?.length ?? current.count);
  });
  return { share, ...named(fresh), pValue: Math.min(1, 2 * Math.min(beyond, one.pValue)) };
}

function named(found: { readonly name: string; readonly count: number }[]) {
  found.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return { count: found.length, names: found.slice(0, MOST_NAMES).map(({ name }) => name) };
}
