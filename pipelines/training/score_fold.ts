/** Trains one combination on the training rows of one fold and scores it on the rest. */

import { deriveSeed, Random, task } from "../../src/base/mod.ts";
import { type CleanData, type FeatureSet, fit, transform } from "../../src/features/mod.ts";
import { predict, predictProba } from "../../src/learners/mod.ts";
import {
  type ClassificationReport,
  classificationReport,
  type ConfusionMatrix,
  confusionMatrix,
} from "../../src/metrics/mod.ts";
import type { Fold } from "../../src/table/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import { type Combination, learnerOf, samplerOf } from "./combination.ts";

/** What is cross-validated, and how. */
export interface Experiment {
  /** Declaration of the features. */
  readonly set: FeatureSet;
  /** The cleaned rows with labels. */
  readonly data: CleanData;
  /** Seed of the sampling and the learning. */
  readonly seed: number;
}

/** One fold's work. */
export interface FoldJob {
  readonly experiment: Experiment;
  readonly combination: Combination;
  readonly fold: Fold;
  /** Place of the fold among the folds; it derives the seed. */
  readonly index: number;
}

/** How well one fold went: shares in [0, 1]. */
export interface FoldScores extends ClassificationReport {
  /** Macro-F1 on the fold's training rows, as they were before sampling. */
  readonly train_f1_macro: number;
  /** Counts of the test rows by true and predicted class. */
  readonly confusion: ConfusionMatrix;
  /** Probabilities of the test rows class by class, shape [classes × test rows]. */
  readonly probabilities: Float32Array;
  /** Rows that the learner saw after sampling. */
  readonly sampled_rows: number;
}

/** Scores a fold; everything learned is learned from its training rows alone. */
export const scoreFold = task(import.meta.url, "scoreFold", async (job: FoldJob, context) => {
  const { experiment: { set, data, seed }, combination, fold, index } = job;
  const classes = set.target.classes.length;
  const labels = data.labels!;
  const at = (rows: Int32Array) => rows.map((row) => labels[row]);
  const state = fit(set, data, fold.train);
  const train = {
    X: transform(state, data, fold.train),
    y: at(fold.train),
    classNames: set.target.classes,
    columnNames: state.features,
  };
  const test = { X: transform(state, data, fold.test), y: at(fold.test) };

  const sampled = await samplerOf(combination).sample(train, new Random(deriveSeed(seed, index)));
  const model = await learnerOf(combination).fit(sampled.X, sampled.y, {
    classes,
    seed: deriveSeed(seed, index, 1),
    onProgress: context.progress,
  });

  const probabilities = await predictProba(model, test.X);
  const predicted = mostProbable(probabilities, test.y.length);
  const trained = classificationReport(train.y, await predict(model, train.X), classes);
  const scores: FoldScores = {
    ...classificationReport(test.y, predicted, classes),
    train_f1_macro: trained.f1_macro,
    confusion: confusionMatrix(test.y, predicted, classes),
    probabilities,
    sampled_rows: sampled.y.length,
  };
  return scores;
});
