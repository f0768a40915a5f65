/**
 * Evidently's default choice of statistics and thresholds, number for number.
 *
 * It decides by the reference's rows: p-values up to 1,000, distances above.
 * Missing values and multiple testing are left out of account, and so the
 * verdicts are those of Evidently, false alarms included.
 *
 * Source: Evidently 0.7.23, `DataDriftPreset` with its defaults.
 */

import { UsageError } from "../base/mod.ts";
import type { PairedCounts } from "./category_counts.ts";
import { numberDistribution } from "./distribution.ts";
import type { Finding } from "./finding.ts";
import { massMoved } from "./measure_categories.ts";
import { countBothSides } from "./measure_numbers.ts";
import type { NumberView } from "./number_view.ts";
import { chiSquareFit } from "./statistics/chi_square_fit.ts";
import { judgeByThreshold, type Statistic } from "./statistics/contract.ts";
import { jensenShannon } from "./statistics/jensen_shannon.ts";
import { kolmogorovSmirnov, ksDistance } from "./statistics/kolmogorov_smirnov.ts";
import { proportionsZ } from "./statistics/proportions_z.ts";
import { wasserstein } from "./statistics/wasserstein.ts";

/** Rows of the reference up to which p-values decide. */
const SMALL_REFERENCE = 1000;
/** Up to so many different values in both samples, a number is tested as categories. */
const FEW_NUMBERS = 5;
/** Up to so many different whole numbers in a current column without gaps, it is categories. */
const FEW_WHOLE_NUMBERS = 10;
/** Share of current values that differ from each other, above which strings are free text. */
const TEXT_SHARE = 0.5;
/** Share of drifted columns from which on the data set drifted. */
export const DATASET_SHARE = 0.5;

/**
 * Tests two samples of numbers as Evidently does.
 *
 * @throws {UsageError} if the rows of a side are gone.
 */
export function evidentlyNumbers(reference: NumberView, current: NumberView): Finding {
  if (!reference.sorted || !current.sorted || !reference.cdf || !current.cdf) {
    throw new UsageError("Cannot follow Evidently with statistics alone: it needs the rows", {
      next: "give files on both sides, or use the preset calibrated",
    });
  }
  const distribution = numberDistribution(reference.cdf, current.cdf);
  const common = { effect: ksDistance(reference.sorted, current.sorted), distribution, note: null };
  const counts = isWholeNumbers(current, current.sorted)
    ? countBothSides(reference.sorted, current.sorted, Infinity)
    : countBothSides(reference.sorted, current.sorted, FEW_NUMBERS);
  if (counts) return { ...common, ...judged(countsTest(counts), counts.reference, counts.current) };
  const test = reference.count <= SMALL_REFERENCE ? kolmogorovSmirnov : wasserstein;
  return { ...common, ...judged(test, reference.sorted, current.sorted) };
}

/** Tests the counts of categories as Evidently does. */
export function evidentlyCategories(counts: PairedCounts): Omit<Finding, "distribution"> {
  const { reference, current } = counts;
  const different = current.reduce((sum, count) => count > 0 ? sum + 1 : sum, 0);
  if (different > TEXT_SHARE * total(current)) {
    const note = "Evidently takes a column of so many texts for free text";
    return { test: null, pValue: null, effect: null, note };
  }
  const effect = massMoved(reference, current);
  return { ...judged(countsTest(counts), reference, current), effect, note: null };
}

function countsTest({ reference }: { reference: Float64Array }): Statistic<Float64Array> {
  if (total(reference) > SMALL_REFERENCE) return jensenShannon;
  return reference.length > 2 ? chiSquareFit : proportionsZ;
}

function judged(
  statistic: Statistic<Float64Array>,
  reference: Float64Array,
  current: Float64Array,
): Pick<Finding, "test" | "pValue" | "verdict"> {
  const verdict = judgeByThreshold(statistic, reference, current);
  return { test: verdict.test, pValue: verdict.pValue, verdict };
}

/** Pandas holds whole numbers without gaps as integers, and Evidently few of these for categories. */
function isWholeNumbers({ missing }: NumberView, sorted: Float64Array): boolean {
  if (missing > 0) return false;
  let different = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    if (!Number.isInteger(sorted[i]) || ++different > FEW_WHOLE_NUMBERS) return false;
  }
  return true;
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
