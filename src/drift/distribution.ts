/** Two distributions in the same bins, small enough to draw. */

import type { PairedCounts } from "./category_counts.ts";
import type { Cdf } from "./number_view.ts";
import { shares } from "./statistics/shares.ts";

/** How numbers are distributed, in bins whose first and last are open to infinity. */
export interface NumberDistribution {
  /** Tells the kinds apart. */
  readonly kind: "number";
  /** Rising edges between bins; a value on an edge belongs to the bin below it. At most 29. */
  readonly edges: readonly number[];
  /** Share of the reference's values in each bin, one more than edges; the sum is 1. */
  readonly reference: readonly number[];
  /** The same of the current values. */
  readonly current: readonly number[];
}

/** How categories are distributed. */
export interface CategoryDistribution {
  /** Tells the kinds apart. */
  readonly kind: "category";
  /** Categories by their greater share, at most 20, then `null` for all others if there are. */
  readonly names: readonly (string | null)[];
  /** Share of each in the reference; the sum is 1. */
  readonly reference: readonly number[];
  /** Share of each in the current data; the sum is 1. */
  readonly current: readonly number[];
}

/** Distributions of the reference and the current data side by side. */
export type SideDistributions = NumberDistribution | CategoryDistribution;

/** Equal bins between the outer ones. */
const BINS = 28;
/** Share of the values in each of the outer bins, so that an outlier does not squeeze the others. */
const TAIL = 0.01;
const CATEGORIES = 20;

/** Numbers in bins of equal width between the first and the last percentile of both samples. */
export function numberDistribution(reference: Cdf, current: Cdf): NumberDistribution {
  const low = Math.min(quantile(reference, TAIL), quantile(current, TAIL));
  const high = Math.max(quantile(reference, 1 - TAIL), quantile(current, 1 - TAIL));
  const steps = low < high ? BINS : 0;
  const edges = Array.from({ length: steps + 1 }, (_, i) => low + (high - low) * i / BINS);
  const of = (cdf: Cdf) => Array.from(binShares(cdf, edges));
  return { kind: "number", edges, reference: of(reference), current: of(current) };
}

/** Share of a sample in each bin between rising edges, the first and last open. */
export function binShares(cdf: Cdf, edges: readonly number[]): Float64Array {
  const below = [0, ...edges.map((edge) => cdf.atOrBelow(edge)), 1];
  return Float64Array.from({ length: edges.length + 1 }, (_, i) => below[i + 1] - below[i]);
}

/** The least point at which a distribution function reaches `share`. */
export function quantile({ points, atOrBelow }: Cdf, share: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (atOrBelow(points[middle]) >= share) high = middle;
    else low = middle + 1;
  }
  return points[low];
}

/** The most frequent categories of both samples, and all others in one. */
export function categoryDistribution(counts: PairedCounts): CategoryDistribution {
  const [r, c] = [shares(counts.reference), shares(counts.current)];
  const order = counts.names.map((name, i) => ({ name, share: Math.max(r[i], c[i]), i }))
    .filter(({ name }) => name !== null)
    .sort((a, b) => b.share - a.share || (a.name! < b.name! ? -1 : 1));
  const shown = order.slice(0, CATEGORIES);
  const rest = order.length > CATEGORIES || counts.names.at(-1) === null;
  const of = (all: Float64Array) => {
    const listed = shown.map(({ i }) => all[i]);
    const other = 1 - listed.reduce((sum, share) => sum + share, 0);
    return rest ? [...listed, Math.max(0, other)] : listed;
  };
  const names = shown.map(({ name }) => name);
  return {
    kind: "category",
    names: rest ? [...names, null] : names,
    reference: of(r),
    current: of(c),
  };
}
