/** What is cross-validated, and what comes out of a fold. */

import type { CleanData, FeatureSet, FeatureState } from "../features/mod.ts";
import type { PrunerChoice, Report, Trial } from "../search/mod.ts";
import type { Fold, Matrix } from "../dataset/mod.ts";
import type { Candidate } from "./candidate.ts";

/** Rows and features that candidates compete on. */
export interface ComparisonData {
  /** Declaration of the features. */
  readonly set: FeatureSet;
  /** The cleaned rows with their target. */
  readonly data: CleanData;
  /** Seed of the sampling and the learning. */
  readonly seed: number;
}

/** Which metrics a fold is scored by. */
export interface Scoring {
  /** Names of metrics of the test rows. */
  readonly metrics: readonly string[];
  /** The one that candidates are compared by: it is told of the training rows too. */
  readonly select: string;
  /** Whether `select` of the test rows is enough, as for the trials of a search. */
  readonly brief?: boolean;
}

/** The rows of a fold as learners read them, all learned from its training rows alone. */
export interface PreparedFold {
  /** What the features learned. */
  readonly state: FeatureState;
  /** The training rows to learn from, before sampling. */
  readonly learn: Matrix;
  /** The test rows. */
  readonly test: Matrix;
}

/** How the boosting rounds of a trial's fold are judged. */
export interface RoundWatch {
  /** Judged once in so many rounds. */
  readonly every: number;
  /** Not before so many rounds. */
  readonly warmup: number;
  /** How hopeless trials are given up. */
  readonly pruner: PrunerChoice;
  /** Seed of what the pruner deals by chance. */
  readonly seed: number;
  /** Place of the trial. */
  readonly number: number;
  /** What the rounds of earlier trials told. */
  readonly history: readonly Trial[];
}

/** One fold's work. */
export interface FoldJob {
  /** Rows and features. */
  readonly experiment: ComparisonData;
  /** Who is scored. */
  readonly candidate: Candidate;
  /** Rows to train and to test on. */
  readonly fold: Fold;
  /** Place of the fold among the folds; it derives the seed. */
  readonly index: number;
  /** By which metrics. */
  readonly scoring: Scoring;
  /** The fold's rows as learners read them, if they are there already. */
  readonly prepared?: PreparedFold;
  /** How its boosting rounds are judged, if they are. */
  readonly rounds?: RoundWatch;
}

/** Predictions of rows, output by output, shape [outputs × rows]. */
export type OutputValues = Float32Array | Float64Array;

/** How well one fold went. */
export interface FoldScores {
  /** Metrics of the test rows, and `train_<select>` of the training rows before sampling. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Predictions of the test rows: of classes their probabilities. */
  readonly predictions: OutputValues;
  /** Rows that the learner saw after sampling. */
  readonly sampled_rows: number;
  /** The learner's parameters, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Validation loss by boosting round, if rounds were judged. */
  readonly rounds?: readonly Report[];
  /** Whether the fit was given up between rounds; then there are no metrics. */
  readonly hopeless?: boolean;
}

/** A model with the features it was fitted on. */
export interface FittedModel<Model = unknown> {
  /** What the features learned. */
  readonly state: FeatureState;
  /** The model, plain data. */
  readonly model: Model;
  /** The learner's parameters, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** How long work is watched and stopped. */
export interface Watch {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  progress(done: number): void;
}
