/**
 * How good a classifier is on rows whose labels are not known yet, from how sure
 * it is of them (confidence-based performance estimation).
 *
 * It holds as long as the probabilities mean what they meant on the reference
 * rows: it sees rows become harder, not the world become another.
 */

import type { Random } from "../../base/mod.ts";
import type { RisingLine } from "../../metrics/mod.ts";
import { calibrate, fitCalibration } from "./calibration.ts";
import { rowVariances } from "./sampling_error.ts";
import {
  type ClassifierPredictions,
  type PerformanceMetric,
  performanceMetrics,
  type PerformanceScores,
  realizedScores,
  scoresByShare,
} from "./scores.ts";

/** What is expected of one metric. Plain JSON: null if it could not be had. */
export interface ReferenceMetric {
  /** The metric on all reference rows. */
  readonly value: number | null;
  /** Mean − 3 standard deviations over the reference's chunks, at least 0. */
  readonly lower: number | null;
  /** Mean + 3 standard deviations over the reference's chunks, at most 1. */
  readonly upper: number | null;
  /** Variance of one row's part in it; √(variance / rows) is its standard error. */
  readonly rowVariance: number | null;
}

/** What a model's metadata keeps to estimate its performance. Plain JSON, a few kilobytes. */
export interface ReferencePerformance {
  /** Number of classes. */
  readonly classes: number;
  /** Number of reference rows. */
  readonly rows: number;
  /** A calibration line for each scored class, null if probabilities are used as they are. */
  readonly calibration: readonly (RisingLine | null)[];
  /** What is expected of each metric. */
  readonly metrics: Readonly<Record<PerformanceMetric, ReferenceMetric>>;
}

/** An estimated metric with its band. */
export interface EstimatedMetric {
  /** Its expected value. */
  readonly value: number;
  /** Value − 3 standard errors, at least 0. */
  readonly low: number;
  /** Value + 3 standard errors, at most 1. */
  readonly high: number;
  /** Whether the value lies outside what chunks of the reference, as small as this one, span. */
  readonly alert: boolean;
}

/** How many standard errors, or deviations, are believed to be chance. */
const RANGE = 3;

/** Parts of the reference whose metrics tell how much is usual. */
const CHUNKS = 10;

/**
 * Learns from rows that the model had not seen and whose labels are known.
 *
 * Source: NannyML `CBPE`: isotonic calibration if held-out rows gain by it,
 * thresholds of three standard deviations over the realised metrics of chunks.
 *
 * @param labels True classes, 0 to classes − 1, shape [rows].
 * @param predictions What the model said about the same rows.
 * @param random Splits for the calibration and resamples.
 * @param chunks Parts of equal size, in the order of the rows; at least 2 rows each.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Random } from "../../base/mod.ts";
 * const random = new Random(1);
 * const sure = Float64Array.from({ length: 400 }, () => random.next());
 * const labels = Int32Array.from(sure, (p) => Number(random.next() < p));
 * const said = {
 *   classes: 2,
 *   predicted: Int32Array.from(sure, (p) => Number(p > 0.5)),
 *   probabilities: Float64Array.from([...sure.map((p) => 1 - p), ...sure]),
 * };
 * const reference = referencePerformance(labels, said, random);
 * const { value, low, high } = estimatePerformance(reference, said).accuracy;
 * assert(low < value && value < high && Math.abs(value - 0.75) < 0.1);
 * ```
 */
export function referencePerformance(
  labels: Int32Array,
  predictions: ClassifierPredictions,
  random: Random,
  chunks = CHUNKS,
): ReferencePerformance {
  const rows = labels.length;
  const parts = Math.max(1, Math.min(chunks, rows >> 1));
  const all = Int32Array.from(labels.keys());
  const edge = (part: number) => Math.floor(part * rows / parts);
  const realized = Array.from({ length: parts }, (_, part) => {
    const own = all.subarray(edge(part), edge(part + 1));
    return realizedScores(own.map((row) => labels[row]), takePredictions(predictions, own));
  });
  const whole = realizedScores(labels, predictions);
  const variances = rowVariances(labels, predictions, random);
  const metrics = performanceMetrics.map((name): [PerformanceMetric, ReferenceMetric] => {
    const found = realized.map((scores) => scores[name]).filter(Number.isFinite);
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const spread = RANGE * Math.sqrt(squares / found.length);
    return [name, {
      value: finite(whole[name]),
      lower: finite(Math.max(0, mean - spread)),
      upper: finite(Math.min(1, mean + spread)),
      rowVariance: finite(variances[name]),
    }];
  });
  return {
    classes: predictions.classes,
    rows,
    calibration: fitCalibration(labels, predictions, random),
    metrics: Object.fromEntries(metrics) as ReferencePerformance["metrics"],
  };
}

/**
 * The metrics that are to be expected on rows without labels, at least one row.
 *
 * Fewer rows than a chunk of the reference vary more: what is usual for them is
 * wider by the square root of that ratio. For a chunk it is NannyML's threshold.
 */
export function estimatePerformance(
  { calibration, metrics, rows: referenceRows }: ReferencePerformance,
  predictions: ClassifierPredictions,
): Readonly<Record<PerformanceMetric, EstimatedMetric>> {
  const expected: PerformanceScores = scoresByShare(
    calibrate(calibration, predictions),
    predictions,
  );
  const rows = predictions.predicted.length;
  const widening = Math.sqrt(Math.max(1, referenceRows / CHUNKS / rows));
  const estimated = performanceMetrics.map((name): [PerformanceMetric, EstimatedMetric] => {
    const value = expected[name];
    const { lower, upper, rowVariance } = metrics[name];
    const error = RANGE * Math.sqrt((rowVariance ?? NaN) / rows);
    const slack = ((upper ?? NaN) - (lower ?? NaN)) / 2 * (widening - 1);
    return [name, {
      value,
      low: Math.max(0, value - error),
      high: Math.min(1, value + error),
      alert: value < (lower ?? NaN) - slack || value > (upper ?? NaN) + slack,
    }];
  });
  return Object.fromEntries(estimated) as Record<PerformanceMetric, EstimatedMetric>;
}

/**
 * The chance that each prediction is wrong, as calibrated probabilities have it, shape [rows].
 * Their mean is 1 − the accuracy that {@link estimatePerformance} expects.
 */
export function expectedErrors(
  { calibration }: ReferencePerformance,
  predictions: ClassifierPredictions,
): Float64Array {
  const { predicted } = predictions;
  const shares = calibrate(calibration, predictions);
  return Float64Array.from(
    predicted,
    (code, row) => 1 - (code < 0 ? 0 : shares[code * predicted.length + row]),
  );
}

/** The predictions of the rows at `rows`, in their order. */
export function takePredictions(
  { classes, predicted, probabilities }: ClassifierPredictions,
  rows: Int32Array,
): ClassifierPredictions {
  const taken = new Float64Array(classes * rows.length);
  for (let k = 0; k < classes; k++) {
    rows.forEach((row, i) =>
      taken[k * rows.length + i] = probabilities[k * predicted.length + row]
    );
  }
  return { classes, predicted: rows.map((row) => predicted[row]), probabilities: taken };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
