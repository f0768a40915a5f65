/** A statistic that was asked for, judged by its own threshold. */

import { UsageError } from "../base/mod.ts";
import type { PairedCounts } from "./category_counts.ts";
import { binShares, numberDistribution, quantile } from "./distribution.ts";
import type { Finding } from "./measure_column.ts";
import type { Cdf, NumberView } from "./number_view.ts";
import { countStatistics, numberStatistics } from "./statistics/catalogue.ts";
import { isBeyond, type Statistic } from "./statistics/contract.ts";
import { ksDistance } from "./statistics/kolmogorov_smirnov.ts";

/** Statistics that can be asked for by name. */
export type StatisticName = keyof typeof numberStatistics | keyof typeof countStatistics;

const BINS = 10;

/**
 * Tests one column by a statistic of the user's choice. Numbers are counted in
 * the deciles of the reference where the statistic takes counts; the outer bins
 * are open, so that an outlier cannot squeeze the others.
 *
 * @throws {UsageError} where the statistic does not fit the column, or its rows are gone.
 */
export function chosenTest(
  name: StatisticName,
  reference: NumberView,
  current: NumberView,
): Finding;
export function chosenTest(name: StatisticName, counts: PairedCounts): Finding;
export function chosenTest(
  name: StatisticName,
  reference: NumberView | PairedCounts,
  current?: NumberView,
): Finding {
  if (!current) {
    const counts = reference as PairedCounts;
    if (!(name in countStatistics)) throw unfit(name, "categories");
    const statistic = countStatistics[name as keyof typeof countStatistics];
    return judged(statistic, counts.reference, counts.current);
  }
  const [r, c] = [reference as NumberView, current];
  if (!r.cdf || !c.cdf) throw unfit(name, "a histogram");
  const common = { distribution: numberDistribution(r.cdf, c.cdf) };
  if (name in numberStatistics) {
    if (!r.sorted || !c.sorted) throw unfit(name, "statistics without rows");
    const statistic = numberStatistics[name as keyof typeof numberStatistics];
    const effect = ksDistance(r.sorted, c.sorted);
    return { ...judged(statistic, r.sorted, c.sorted), ...common, effect };
  }
  const statistic: Statistic<Float64Array> = countStatistics[name as keyof typeof countStatistics];
  if (!statistic.kinds.includes("number")) throw unfit(name, "numbers");
  const edges = decileEdges(r.cdf);
  const counts = (cdf: Cdf) => binShares(cdf, edges).map((share) => Math.round(share * cdf.rows));
  return { ...judged(statistic, counts(r.cdf), counts(c.cdf)), ...common };
}

/** The deciles of a distribution, without repeats. */
function decileEdges(cdf: Cdf): number[] {
  return [...new Set(Array.from({ length: BINS - 1 }, (_, i) => quantile(cdf, (i + 1) / BINS)))];
}

function judged(
  statistic: Statistic<Float64Array>,
  reference: Float64Array,
  current: Float64Array,
): Finding {
  const { score, pValue } = statistic.measure(reference, current);
  const { name: test, threshold } = statistic;
  const verdict = { score, threshold, drifted: isBeyond(statistic, score, threshold) };
  return { test, pValue, effect: null, note: null, distribution: null, verdict };
}

function unfit(name: string, what: string): UsageError {
  return new UsageError(`Cannot use the statistic "${name}" on ${what}`, {
    next: "leave the choice to the preset, or choose another statistic for this column",
  });
}
