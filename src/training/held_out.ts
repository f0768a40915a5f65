/** What cross-validation predicted for rows, by models that had not seen them. */

import { rowsByWeight } from "../features/mod.ts";
import type { Fold } from "../dataset/mod.ts";
import type { ComparisonData, FoldScores, OutputValues } from "./experiment.ts";
import { weightsOf } from "./row_weights.ts";

/** Predictions of rows by the fold that held them out. */
export interface HeldOut {
  /** The rows, rising; along time the earliest are held out by no fold. */
  readonly rows: Int32Array;
  /** Their predictions, output by output, shape [outputs × rows]. */
  readonly predictions: OutputValues;
  /** The fold whose model predicted each row, from 0 on, shape [rows]; absent for one model. */
  readonly models?: Int32Array;
}

/** Puts the folds' predictions into the order of the rows; those of repeats are averaged. */
export function heldOut(
  { folds: scores }: { readonly folds: readonly FoldScores[] },
  folds: readonly Fold[],
): HeldOut {
  const held = folds.flatMap(({ test }) => [...test]);
  const rows = Int32Array.from(new Set(held)).sort();
  const repeats = held.length / rows.length;
  const place = new Map(Array.from(rows, (row, i) => [row, i]));
  const outputs = scores[0].predictions.length / folds[0].test.length;
  const models = new Int32Array(rows.length);
  const size = outputs * rows.length;
  const predictions = scores[0].predictions instanceof Float32Array
    ? new Float32Array(size)
    : new Float64Array(size);
  folds.forEach(({ test }, index) => {
    const part = scores[index].predictions;
    test.forEach((row, i) => {
      const at = place.get(row)!;
      models[at] = index;
      for (let k = 0; k < outputs; k++) {
        predictions[k * rows.length + at] += part[k * test.length + i] / repeats;
      }
    });
  });
  return { rows, predictions, models };
}

/** True classes and probabilities of held-out rows, as figures of classes take them. */
export interface OutOfFold {
  /** True class of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Probabilities class by class, shape [classes × rows]. */
  readonly probabilities: Float32Array;
}

/** The held-out predictions of a classifier with the true classes. */
export function outOfFold(
  scores: { readonly folds: readonly FoldScores[] },
  folds: readonly Fold[],
  labels: Int32Array,
): OutOfFold {
  const { rows, predictions } = heldOut(scores, folds);
  return { labels: rows.map((row) => labels[row]), probabilities: Float32Array.from(predictions) };
}

/** The probabilities of one class, shape [rows], and 1 for each row that has it. */
export function ofClass(
  { labels, probabilities }: OutOfFold,
  k: number,
): { readonly positive: Int32Array; readonly probability: Float32Array } {
  return {
    positive: labels.map((label) => label === k ? 1 : 0),
    probability: probabilities.subarray(k * labels.length, (k + 1) * labels.length),
  };
}

/**
 * Held-out rows as often as their weights say, and the experiment in which what is there twice is
 * of one group; both as they are where all rows count the same.
 */
export function heldOutByWeight(
  experiment: ComparisonData,
  held: HeldOut,
): { readonly experiment: ComparisonData; readonly held: HeldOut } {
  const { data } = experiment;
  const weights = weightsOf(data, held.rows);
  const places = weights && rowsByWeight(weights);
  if (places === undefined) return { experiment, held };
  const { rows, predictions, models } = held;
  const groups = new Int32Array(new SharedArrayBuffer(4 * data.rows));
  groups.set(data.groups ?? groups.map((_, row) => row));
  return {
    experiment: { ...experiment, data: { ...data, groups } },
    held: {
      rows: places.map((place) => rows[place]),
      predictions: predictions.map((_, at) =>
        predictions[Math.floor(at / rows.length) * rows.length + places[at % rows.length]]
      ),
      ...models && { models: places.map((place) => models[place]) },
    },
  };
}
