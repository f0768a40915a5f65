/** Whether and how probabilities are put right before anything is expected of them. */

import type { Random } from "../../base/mod.ts";
import {
  expectedCalibrationError,
  fitIsotonic,
  interpolate,
  type RisingLine,
  rocAuc,
} from "../../metrics/mod.ts";
import { type ClassifierPredictions, scoredClasses } from "./scores.ts";

const SPLITS = 10;
const TEST_SHARE = 0.1;
/** Scores that rank this well are left as they are. */
const PERFECT_RANKING = 0.999;

/**
 * A calibration line for each scored class, null if calibration does not help
 * on rows that were held out of ten random splits.
 *
 * Source: NannyML `needs_calibration` with its isotonic calibrator.
 *
 * @param labels True classes, shape [rows].
 */
export function fitCalibration(
  labels: Int32Array,
  { classes, probabilities }: ClassifierPredictions,
  random: Random,
): (RisingLine | null)[] {
  const rows = labels.length;
  return scoredClasses(classes).map((k) => {
    const positive = Uint8Array.from(labels, (label) => Number(label === k));
    const scores = Float64Array.from(probabilities.subarray(k * rows, (k + 1) * rows));
    return helps(positive, scores, random) ? compact(fitIsotonic(scores, positive)) : null;
  });
}

/**
 * The calibrated probability of each class, shape [classes × rows]; those of a
 * row add up to 1, and are equal if all are 0.
 */
export function calibrate(
  lines: readonly (RisingLine | null)[],
  { classes, predicted, probabilities }: ClassifierPredictions,
): Float64Array {
  const rows = predicted.length;
  const scored = scoredClasses(classes);
  const result = new Float64Array(classes * rows);
  scored.forEach((k, at) => {
    const line = lines[at];
    const own = Float64Array.from(probabilities.subarray(k * rows, (k + 1) * rows));
    result.set(line === null ? own : interpolate(line, own), k * rows);
  });
  for (let i = 0; i < rows; i++) {
    if (classes === 2) {
      result[i] = 1 - result[rows + i];
      continue;
    }
    let sum = 0;
    for (let at = i; at < result.length; at += rows) sum += result[at];
    for (let at = i; at < result.length; at += rows) {
      result[at] = sum > 0 ? result[at] / sum : 1 / classes;
    }
  }
  return result;
}

/** Whether held-out rows are better calibrated after than before. */
function helps(positive: Uint8Array, scores: Float64Array, random: Random): boolean {
  const rows = Int32Array.from(positive.keys());
  const groups = [0, 1].map((label) => rows.filter((i) => positive[i] === label));
  // A class of one row cannot be on both sides of a split.
  if (groups.some((group) => group.length < 2)) return false;
  if (rocAuc(positive, scores) > PERFECT_RANKING) return false;
  const outcomes: number[] = [];
  const before: number[] = [];
  const after: number[] = [];
  for (let split = 0; split < SPLITS; split++) {
    const test: number[] = [];
    const train: number[] = [];
    for (const group of groups) {
      random.shuffle(group);
      const held = Math.max(1, Math.round(TEST_SHARE * group.length));
      group.forEach((row, at) => (at < held ? test : train).push(row));
    }
    const line = fitIsotonic(train.map((i) => scores[i]), train.map((i) => positive[i]));
    const own = Float64Array.from(test, (i) => scores[i]);
    before.push(...own);
    after.push(...interpolate(line, own));
    outcomes.push(...test.map((i) => positive[i]));
  }
  const error = (probability: number[]) =>
    expectedCalibrationError(outcomes, probability, { bins: 10, strategy: "quantile" });
  return error(before) > error(after);
}

/** Six digits are far finer than what a calibration knows, and keep the metadata small. */
function compact({ scores, probabilities }: RisingLine): RisingLine {
  const round = (value: number) => Number(value.toPrecision(6));
  return { scores: scores.map(round), probabilities: probabilities.map(round) };
}
