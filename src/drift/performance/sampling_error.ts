/** How far a metric on n rows strays by chance: its standard error is √(variance / n). */

import type { Random } from "../../base/mod.ts";
import { averagePrecision } from "../../metrics/mod.ts";
import { type ClassifierPredictions, type PerformanceScores, scoredClasses } from "./scores.ts";

const RESAMPLES = 50;
const MOST_RESAMPLED_ROWS = 50_000;
/** NannyML's correction of a mean ROC AUC over several classes, found by its experiments. */
const SEVERAL_CLASSES = 1.2;

/** A mean of 0 or 1 outcomes over the rows that it is about. */
interface OneClass {
  readonly variance: number;
  /** Share of all rows. */
  readonly fraction: number;
}

/**
 * The variance of one row's part in each metric, from reference rows: divided by
 * the number of rows of a chunk it is the metric's variance there.
 *
 * Source: NannyML `sampling_error`, for two and for several classes.
 *
 * @param labels True classes, shape [rows].
 * @param random Draws the resamples for the average precision.
 */
export function rowVariances(
  labels: Int32Array,
  predictions: ClassifierPredictions,
  random: Random,
): PerformanceScores {
  const { classes, predicted } = predictions;
  const rows = labels.length;
  const scored = scoredClasses(classes);
  const counts = scored.map((k) => countOutcomes(labels, predicted, k));
  const mean = (parts: readonly OneClass[]) =>
    parts.reduce((sum, { variance, fraction }) => sum + variance / fraction, 0) /
    scored.length ** 2;
  const hits = (right: number, wrong: number, relevant = right + wrong): OneClass => {
    const p = right / (right + wrong);
    return { variance: p * (1 - p), fraction: relevant / rows };
  };
  const several = classes > 2 ? SEVERAL_CLASSES ** 2 : 1;
  const right = labels.reduce((sum, label, i) => sum + Number(label === predicted[i]), 0) / rows;
  return {
    roc_auc: several * mean(scored.map((k) => rankVariance(labels, predictions, k))),
    average_precision: averagePrecisionVariance(labels, predictions, random),
    accuracy: right * (1 - right),
    f1: mean(counts.map(({ tp, fp, fn }) => {
      const { variance, fraction } = hits(tp, fp + fn);
      const factor = classes > 2 ? 1 : (tp + fp + fn) / (tp + (fp + fn) / 2);
      return { variance: variance * factor ** 2, fraction };
    })),
    precision: mean(counts.map(({ tp, fp }) => hits(tp, fp))),
    recall: mean(counts.map(({ tp, fn }) => hits(tp, fn))),
    specificity: mean(counts.map(({ tn, fp }) => hits(tn, fp))),
  };
}

function countOutcomes(labels: Int32Array, predicted: Int32Array, k: number) {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  labels.forEach((label, i) => {
    if (label === k) counts[predicted[i] === k ? "tp" : "fn"]++;
    else counts[predicted[i] === k ? "fp" : "tn"]++;
  });
  return counts;
}

/** The variance over positives of the share of negatives that score below: a Mann-Whitney U. */
function rankVariance(
  labels: Int32Array,
  { probabilities }: ClassifierPredictions,
  k: number,
): OneClass {
  const rows = labels.length;
  const positives = labels.reduce((sum, label) => sum + Number(label === k), 0);
  // The rarer side is ranked among the other.
  const flipped = positives > rows / 2;
  const own = probabilities.subarray(k * rows, (k + 1) * rows);
  const sign = flipped ? -1 : 1;
  const order = Int32Array.from(labels.keys()).sort((a, b) => sign * (own[a] - own[b]));
  const few = flipped ? rows - positives : positives;
  let below = 0;
  let sum = 0;
  let squares = 0;
  for (const i of order) {
    if ((labels[i] === k) === flipped) {
      below++;
      continue;
    }
    const share = below / (rows - few);
    sum += share;
    squares += share * share;
  }
  const mean = sum / few;
  return { variance: Math.max(0, squares / few - mean * mean), fraction: few / rows };
}

/** From resamples of half the rows, extrapolated by 1 / √n; the mean over classes, as NannyML has it. */
function averagePrecisionVariance(
  labels: Int32Array,
  { classes, probabilities }: ClassifierPredictions,
  random: Random,
): number {
  const rows = labels.length;
  const size = Math.max(1, Math.min(rows >> 1, MOST_RESAMPLED_ROWS));
  const scored = scoredClasses(classes);
  const variances = scored.map((k) => {
    const found = Array.from({ length: RESAMPLES }, () => {
      const drawn = Int32Array.from({ length: size }, () => random.int(rows));
      return averagePrecision(
        Uint8Array.from(drawn, (i) => Number(labels[i] === k)),
        Float64Array.from(drawn, (i) => probabilities[k * rows + i]),
      );
    });
    const mean = found.reduce((sum, value) => sum + value, 0) / RESAMPLES;
    return found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / RESAMPLES;
  });
  return size * variances.reduce((sum, variance) => sum + variance, 0) / scored.length;
}
