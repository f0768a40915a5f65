/** Whether probabilities mean what they say. */

import { quantileSorted } from "../base/mod.ts";
import { checkBinary, checkPaired, checkProbabilities } from "./check.ts";

/** Rows whose predicted probabilities lie in one bin. */
export interface CalibrationBin {
  /** Mean predicted probability of the rows. */
  readonly predicted: number;
  /** Share of the rows that are positive. */
  readonly observed: number;
  /** Number of rows. */
  readonly rows: number;
}

/** How probabilities are put into bins. */
export interface CalibrationOptions {
  /** Number of bins. Default 10. */
  readonly bins?: number;
  /** Bins of equal width on [0, 1], or of equal numbers of rows. Default `uniform`. */
  readonly strategy?: "uniform" | "quantile";
}

/**
 * Mean predicted probability and observed share of positives by bin of
 * predicted probability, in rising order; bins without rows are left out.
 *
 * Source: scikit-learn `calibration_curve`.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param probability Of the positive class, in [0, 1], shape [rows].
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const curve = calibrationCurve([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75], { bins: 2 });
 * assertEquals(curve[0], { predicted: 0.25, observed: 0.5, rows: 2 });
 * ```
 */
export function calibrationCurve(
  yTrue: ArrayLike<number>,
  probability: ArrayLike<number>,
  { bins = 10, strategy = "uniform" }: CalibrationOptions = {},
): CalibrationBin[] {
  checkPaired(yTrue, probability, "probabilities");
  checkBinary(yTrue);
  checkProbabilities(probability, yTrue.length);
  const edges = innerEdges(probability, bins, strategy);
  const predicted = new Float64Array(bins);
  const positive = new Float64Array(bins);
  const rows = new Float64Array(bins);
  for (let i = 0; i < yTrue.length; i++) {
    let bin = 0;
    while (bin < edges.length && edges[bin] < probability[i]) bin++;
    predicted[bin] += probability[i];
    positive[bin] += yTrue[i];
    rows[bin]++;
  }
  return Array.from(rows, (count, bin) => ({
    predicted: predicted[bin] / count,
    observed: positive[bin] / count,
    rows: count,
  })).filter((bin) => bin.rows > 0);
}

/**
 * The mean difference between predicted probability and observed share over
 * bins, weighted by their rows. For several classes, give the probability of
 * the predicted class, and 1 if that prediction was right.
 *
 * Source: Naeini, Cooper and Hauskrecht, 2015; Guo et al., 2017.
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param probability Of the positive class, in [0, 1], shape [rows].
 * @returns The error in [0, 1], lower is better.
 * @throws {RangeError} if the lengths differ.
 */
export function expectedCalibrationError(
  yTrue: ArrayLike<number>,
  probability: ArrayLike<number>,
  options: CalibrationOptions = {},
): number {
  let sum = 0;
  for (const { predicted, observed, rows } of calibrationCurve(yTrue, probability, options)) {
    sum += Math.abs(predicted - observed) * rows;
  }
  return sum / yTrue.length;
}

/** The bins − 1 upper edges; a probability on an edge belongs below it. */
function innerEdges(
  probability: ArrayLike<number>,
  bins: number,
  strategy: "uniform" | "quantile",
): number[] {
  const shares = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
  if (strategy === "uniform") return shares;
  const sorted = Float64Array.from(probability).sort();
  return shares.map((share) => quantileSorted(sorted, share));
}
