/** How two samples of numbers are tested, by what is left of them. */

import { binShares, numberDistribution, type SideDistributions } from "./distribution.ts";
import type { Finding, Rules } from "./finding.ts";
import { measureCounts } from "./measure_categories.ts";
import { weigh } from "./weigh_counts.ts";
import type { Cdf, NumberView } from "./number_view.ts";
import { kolmogorovSmirnov, ksDistance } from "./statistics/kolmogorov_smirnov.ts";
import { twoSampleTail } from "./statistics/kolmogorov_distribution.ts";
import { shares } from "./statistics/shares.ts";
import { tiedTail } from "./statistics/tied_tail.ts";

/** Pairs of rows above which exact p-values take long and say the same. */
const EXACT_PAIRS = 1e6;
/** Up to so many different values, numbers are tested as categories too. */
const FEW_VALUES = 20;
/** The share of the level that is left to that test. */
const COUNT_SHARE = 0.1;

/** Rows of each value on both sides. */
export interface ValueCounts {
  /** The values, rising. */
  readonly values: readonly number[];
  /** Rows in the reference, shape [values]. */
  readonly reference: Float64Array;
  /** Rows in the current data, shape [values]. */
  readonly current: Float64Array;
}

/**
 * Tests two samples of numbers, neither empty.
 *
 * @param values Rows of each value, where the rows are there.
 */
export function measureNumbers(
  reference: NumberView,
  current: NumberView,
  values: ValueCounts | undefined,
  rules: Rules,
): Finding {
  if (!reference.cdf || !current.cdf) return measureHistograms(reference, current, rules);
  const distribution = numberDistribution(reference.cdf, current.cdf);
  const rows = (values && sum(values.reference) + sum(values.current)) ?? 0;
  if (values && values.values.length < rows) {
    return { ...measureTied(reference, current, values, rows, rules), distribution };
  }
  const distance = values
    ? ksDistance(reference.sorted!, current.sorted!)
    : stepDistance(reference.cdf, current.cdf);
  const pValue = twoSampleTail(distance, reference.worth, current.worth, EXACT_PAIRS);
  return { test: kolmogorovSmirnov.name, pValue, effect: distance, note: null, distribution };
}

/**
 * Tests samples in which values repeat: two values exactly, more by their order.
 * A change that the order does not show, as more at both ends, is left a tenth
 * of the level where each value repeats; what that takes from the test by order
 * is less than counting ties gives it.
 */
function measureTied(
  reference: NumberView,
  current: NumberView,
  values: ValueCounts,
  rows: number,
  rules: Rules,
): Omit<Finding, "distribution"> {
  const different = values.values.length;
  const [r, c] = [weigh(values.reference, reference.worth), weigh(values.current, current.worth)];
  if (different <= 2) return measureCounts(r, c, rules);
  const distance = ksDistance(reference.sorted!, current.sorted!);
  const all = sum(r) + sum(c);
  let upTo = 0;
  const ends = r.map((count, i) => (upTo += count + c[i]) / all);
  const pValue = tiedTail(distance, reference.worth, current.worth, ends);
  const byOrder = { test: kolmogorovSmirnov.name, pValue, effect: distance, note: null };
  if (different > FEW_VALUES || 2 * different > rows) return byOrder;
  const byCount = measureCounts(r, c, rules);
  const chances = [pValue / (1 - COUNT_SHARE), (byCount.pValue ?? 1) / COUNT_SHARE];
  return {
    ...byOrder,
    test: chances[0] <= chances[1] ? byOrder.test : byCount.test,
    pValue: Math.min(1, ...chances),
    effect: Math.max(distance, byCount.effect ?? 0),
  };
}

/** The greatest difference between two step functions: they differ most beside a step. */
function stepDistance(reference: Cdf, current: Cdf): number {
  let greatest = 0;
  for (const { points } of [reference, current]) {
    for (const point of points) {
      greatest = Math.max(
        greatest,
        Math.abs(reference.atOrBelow(point) - current.atOrBelow(point)),
        Math.abs(reference.below(point) - current.below(point)),
      );
    }
  }
  return greatest;
}

/** Where one side is a histogram, both are counted in its bins. */
function measureHistograms(reference: NumberView, current: NumberView, rules: Rules): Finding {
  const edges = (reference.histogram ?? current.histogram)!.edges;
  const [r, c] = [countsBetween(reference, edges), countsBetween(current, edges)];
  if (!r || !c) {
    const note = "both sides have histograms with other edges; keep sketches to compare them";
    return { test: null, pValue: null, effect: null, note, distribution: null };
  }
  const distribution: SideDistributions = {
    kind: "number",
    edges,
    reference: Array.from(shares(r)),
    current: Array.from(shares(c)),
  };
  return { ...measureCounts(r, c, rules), distribution };
}

function countsBetween(view: NumberView, edges: readonly number[]): Float64Array | undefined {
  const { cdf, histogram, worth } = view;
  if (cdf) return binShares(cdf, edges).map((share) => Math.round(share * worth));
  const same = histogram!.edges.length === edges.length &&
    histogram!.edges.every((edge, i) => edge === edges[i]);
  return same ? weigh(Float64Array.from(histogram!.counts), worth) : undefined;
}

/** Counts of each value on both sides, undefined if there are more than `most`. */
export function countBothSides(
  reference: Float64Array,
  current: Float64Array,
  most: number,
): ValueCounts | undefined {
  const values: number[] = [];
  const [r, c]: [number[], number[]] = [[], []];
  for (let i = 0, j = 0; i < reference.length || j < current.length;) {
    if (values.length === most) return undefined;
    const value = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity);
    const [i0, j0] = [i, j];
    while (reference[i] === value) i++;
    while (current[j] === value) j++;
    values.push(value);
    r.push(i - i0);
    c.push(j - j0);
  }
  return { values, reference: Float64Array.from(r), current: Float64Array.from(c) };
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
