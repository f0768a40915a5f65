/** What training says of a column, as shares that rows to come can be held against. */

import { type ColumnSample, type ColumnStatistics, countStatistics } from "../../drift/mod.ts";
import type { ClaimedShare } from "./evidence.ts";

/** How many rows there were, by indicator. Plain JSON; counts of different rows add up. */
export interface RowCounts {
  /** Values that are there, then how many of them have each indicator. */
  readonly values: readonly number[];
  /** Rows, then how many of them are missing. */
  readonly gaps: readonly number[];
}

/** A column in shares: how its rows are counted, and what is claimed of them. */
export interface WatchedColumn {
  /** Edges of numbers, rising: an indicator is a value at or below one of them. */
  readonly edges?: readonly number[];
  /** Categories: each of them is an indicator, and then any of them. */
  readonly categories?: readonly string[];
  /** What is claimed of each indicator. */
  readonly claims: readonly ClaimedShare[];
  /** What is claimed of missing values. */
  readonly gapClaim: ClaimedShare;
  readonly reference: RowCounts;
}

/** How claims are made. */
export interface ClaimOptions {
  /** By how much a share may differ before it matters, in [0, 1). */
  readonly tolerance: number;
  /** Chance that a claim is wrong because the reference is a sample. */
  readonly chance: number;
}

/** Categories that are followed one by one; the others are nobody's indicator. */
const MOST_CATEGORIES = 20;

/**
 * The claims of a column: the reference's shares at its deciles, or of its most
 * frequent categories, and of missing values. Each is as wide as chance makes the
 * reference (Chernoff's bound) and the tolerance beyond it. A share of which
 * nothing is known claims nothing.
 */
export function watchedColumn(
  statistics: ColumnStatistics,
  options: ClaimOptions,
): WatchedColumn {
  const { count, missing, effective } = statistics;
  const worth = effective ?? { values: count, rows: count + missing };
  const told = (have: readonly number[]) => ({
    claims: have.map((one) => claimedShare(one / count, count === 0 ? 0 : worth.values, options)),
    gapClaim: claimedShare(
      missing / Math.max(1, count + missing),
      count + missing === 0 ? 0 : worth.rows,
      options,
    ),
    reference: { values: [count, ...have], gaps: [count + missing, missing] },
  });
  if (statistics.kind === "number" && count > 0) {
    const { edges, counts } = statistics.histogram;
    let below = 0;
    return { edges, ...told(edges.map((_, i) => below += counts[i])) };
  }
  if (statistics.kind === "category") {
    const known = statistics.categories.slice(0, MOST_CATEGORIES);
    const counts = known.map((one) => one.count);
    const any = counts.reduce((sum, one) => sum + one, 0);
    return { categories: known.map(({ name }) => name), ...told([...counts, any]) };
  }
  return told([]);
}

/** The shares that may have given the one seen in so many rows, and what does not matter beyond. */
export function claimedShare(
  share: number,
  rows: number,
  { tolerance, chance }: ClaimOptions,
): ClaimedShare {
  if (rows === 0) return { low: 0, high: 1 };
  const most = Math.log(1 / chance) / rows;
  const high = farthest(share, 1, most);
  const low = farthest(share, 0, most);
  return { low: Math.max(0, low - tolerance), high: Math.min(1, high + tolerance) };
}

/** The share between `share` and `end` that is as far from it as Chernoff's bound allows. */
function farthest(share: number, end: 0 | 1, most: number): number {
  let [near, far] = [share, end as number];
  for (let n = 0; n < 40; n++) {
    const middle = (near + far) / 2;
    if (divergence(share, middle) > most) far = middle;
    else near = middle;
  }
  return far;
}

/** Kullback and Leibler's divergence of two shares. */
function divergence(p: number, q: number): number {
  const part = (a: number, b: number) => a === 0 ? 0 : a * Math.log(a / b);
  return part(p, q) + part(1 - p, 1 - q);
}

/**
 * Counts rows as a column is watched.
 *
 * @param counts Whether each row counts, shape [rows]; all do if it is left out.
 */
export function countRows(
  column: WatchedColumn,
  sample: ColumnSample,
  rows: number,
  counts?: Uint8Array,
): RowCounts {
  const { edges, categories } = column;
  const found = new Float64Array(column.claims.length);
  let values = 0;
  if (sample.kind === "number" && "values" in sample && edges !== undefined) {
    const into = new Float64Array(edges.length + 1);
    let all = 0;
    for (let row = 0; row < rows; row++) {
      if (counts?.[row] === 0) continue;
      all++;
      const value = sample.values[row];
      if (!Number.isFinite(value)) continue;
      values++;
      into[binOf(edges, value)]++;
    }
    let below = 0;
    for (let i = 0; i < edges.length; i++) found[i] = below += into[i];
    return { values: [values, ...found], gaps: [all, all - values] };
  }
  if ("codes" in sample && categories !== undefined) {
    const places = sample.vocabulary.map((name) => categories.indexOf(name));
    const { length } = sample.codes;
    let all = 0;
    for (let i = 0; i < length; i++) {
      if (counts?.[sample.rows === undefined ? i : sample.rows[i]] === 0) continue;
      all++;
      const code = sample.codes[i];
      if (code < 0) continue;
      values++;
      if (places[code] < 0) continue;
      found[places[code]]++;
      found[found.length - 1]++; // any of them
    }
    // Items of lists are more than rows; training counted them the same way.
    return { values: [values, ...found], gaps: [all, all - values] };
  }
  const all = counts === undefined ? rows : counts.subarray(0, rows).reduce((a, b) => a + b, 0);
  return { values: [0, ...found], gaps: [all, 0] };
}

/** First bin whose edge is at or above the value. */
function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The counts of two sets of rows together. */
export function addCounts(a: RowCounts, b: RowCounts): RowCounts {
  const sum = (x: readonly number[], y: readonly number[]) => x.map((one, i) => one + y[i]);
  return { values: sum(a.values, b.values), gaps: sum(a.gaps, b.gaps) };
}

/**
 * The population stability index of rows against the reference, over its deciles
 * or most frequent categories and all others; null while there are no values.
 */
export function stabilityIndex(column: WatchedColumn, { values }: RowCounts): number | null {
  const was = column.reference.values;
  if (was.length < 2 || !(values[0] > 0) || !(was[0] > 0)) return null;
  const bins = ([rows, ...have]: readonly number[]) => {
    if (column.edges === undefined) return [...have.slice(0, -1), rows - have[have.length - 1]];
    return [...have, rows].map((count, i) => count - (i === 0 ? 0 : have[i - 1]));
  };
  const [before, now] = [bins(was), bins(values)];
  // A bin that is empty on both sides says nothing.
  const kept = [...before.keys()].filter((i) => before[i] > 0 || now[i] > 0);
  if (kept.length < 2) return 0;
  const counts = (of: readonly number[]) => Float64Array.from(kept, (i) => of[i]);
  return countStatistics.psi.measure(counts(before), counts(now)).score;
}

/**
 * Whether every share is where the reference has it, as far as so many rows can tell.
 *
 * @param worth How many independent rows a row is worth, in (0, 1].
 */
export function isBack(column: WatchedColumn, { values, gaps }: RowCounts, worth = 1): boolean {
  const within = (have: number, rows: number, { low, high }: ClaimedShare) => {
    if (rows === 0) return true;
    const share = have / rows;
    const own = rows * worth;
    const chance = 2 * Math.sqrt(Math.max(share * (1 - share), 1 / own) / own);
    return share + chance >= low && share - chance <= high;
  };
  return within(gaps[1], gaps[0], column.gapClaim) &&
    column.claims.every((claim, i) => within(values[i + 1], values[0], claim));
}
