/** A statistic that was asked for, judged by its own threshold. */

import { UsageError } from "../base/mod.ts";
import type { PairedCounts } from "./category_counts.ts";
import { binShares, numberDistribution, quantile } from "./distribution.ts";
import { massMoved } from "./measure_categories.ts";
import type { Finding } from "./finding.ts";
import type { Cdf, NumberView } from "./number_view.ts";
import { countStatistics, numberStatistics, type StatisticName } from "./statistics/catalogue.ts";
import { judgeByThreshold, type Statistic } from "./statistics/contract.ts";
import { ksDistance } from "./statistics/kolmogorov_smirnov.ts";

const BINS = 10;

/**
 * Tests a column of numbers by a statistic of the user's choice. Where it takes
 * counts, numbers are counted between the deciles of the reference; the outer
 * bins are open, so that an outlier cannot squeeze the others.
 *
 * @throws {UsageError} if there is no such statistic, or the rows are gone that it needs.
 */
export function chosenNumbersTest(
  name: StatisticName,
  reference: NumberView,
  current: NumberView,
): Finding {
  if (!reference.cdf || !current.cdf) throw unfit(name, "a histogram");
  const distribution = numberDistribution(reference.cdf, current.cdf);
  if (Object.hasOwn(numberStatistics, name)) {
    if (!reference.sorted || !current.sorted) throw unfit(name, "statistics without rows");
    const statistic = numberStatistics[name as keyof typeof numberStatistics];
    const effect = ksDistance(reference.sorted, current.sorted);
    return { ...judged(statistic, reference.sorted, current.sorted), effect, distribution };
  }
  if (!Object.hasOwn(countStatistics, name)) throw unfit(name, "numbers");
  const edges = decileEdges(reference.cdf);
  const counts = (cdf: Cdf, { worth }: NumberView) =>
    binShares(cdf, edges).map((share) => Math.round(share * worth));
  const [r, c] = [counts(reference.cdf, reference), counts(current.cdf, current)];
  return { ...judgedCounts(name, r, c), distribution };
}

/**
 * Tests a column of categories by a statistic of the user's choice.
 *
 * @throws {UsageError} if the statistic takes numbers, or fewer categories.
 */
export function chosenCategoriesTest(
  name: StatisticName,
  { reference, current }: PairedCounts,
): Omit<Finding, "distribution"> {
  if (!Object.hasOwn(countStatistics, name)) throw unfit(name, "categories");
  return judgedCounts(name, reference, current);
}

/** The deciles of a distribution, without repeats. */
function decileEdges(cdf: Cdf): number[] {
  return [...new Set(Array.from({ length: BINS - 1 }, (_, i) => quantile(cdf, (i + 1) / BINS)))];
}

function judgedCounts(name: StatisticName, reference: Float64Array, current: Float64Array) {
  const statistic: Statistic<Float64Array> = countStatistics[name as keyof typeof countStatistics];
  if (statistic.twoCounts && reference.length > 2) throw unfit(name, "more than two counts");
  return { ...judged(statistic, reference, current), effect: massMoved(reference, current) };
}

function judged(
  statistic: Statistic<Float64Array>,
  reference: Float64Array,
  current: Float64Array,
) {
  const verdict = judgeByThreshold(statistic, reference, current);
  return { test: verdict.test, pValue: verdict.pValue, note: null, verdict };
}

function unfit(name: string, what: string): UsageError {
  return new UsageError(`Cannot use the statistic "${name}" on ${what}`, {
    next: `leave the choice to the preset, or choose of ${
      [...Object.keys(numberStatistics), ...Object.keys(countStatistics)].join(", ")
    }`,
  });
}
