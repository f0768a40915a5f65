/** Fitting regressions on rows of a training. */

import { deriveSeed, task, type WorkerPool } from "../../base/mod.ts";
import {
  type CleanData,
  type FeatureState,
  fit,
  transform,
  transformTraining,
} from "../../features/mod.ts";
import {
  predictValues,
  type RegressionModel,
  regressorOf,
  type RegressorSpec,
  type ValidationRows,
} from "../../learners/mod.ts";
import type { Matrix } from "../../dataset/mod.ts";
import { metricOf } from "../../metrics/mod.ts";
import { type Candidate, placedLearner } from "../candidate.ts";
import { prepareFold } from "../prepared_fold.ts";
import { weightsOf } from "../row_weights.ts";
import { type LearnOptions, type OnRound, scoreWatched, tellsRounds } from "../round_watch.ts";
import type { ComparisonData, FittedModel, FoldJob, FoldScores, Watch } from "../experiment.ts";

async function learn(
  candidate: Candidate,
  { data }: ComparisonData,
  rows: Int32Array,
  state: FeatureState,
  X: Matrix,
  options: LearnOptions & { readonly validation?: ValidationRows<Float64Array> },
): Promise<{ model: RegressionModel; params: Record<string, unknown> }> {
  const regressor = regressorOf(placedLearner<RegressorSpec>(candidate, state));
  const { groups } = data;
  const model = await regressor.fit(X, valuesOf(data.values!, rows), {
    ...options,
    ...groups && { groups: rows.map((row) => groups[row]) },
    ...data.weights && { sampleWeight: weightsOf(data, rows) },
  });
  return { model, params: { ...regressor.params } };
}

/** The values of rows, in their order. */
export function valuesOf(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}

/** Scores a fold; everything learned is learned from its training rows alone. */
export const scoreValues = task(
  import.meta.url,
  "scoreValues",
  (job: FoldJob, context) => scoreWatched(job, context, scoreFold),
);

async function scoreFold(
  job: FoldJob,
  onProgress: (done: number) => void,
  onRound?: OnRound,
): Promise<FoldScores> {
  const { experiment, candidate, fold, index, scoring } = job;
  const { data, seed } = experiment;
  const { state, learn: X, test: testX } = job.prepared ?? prepareFold(experiment, fold);
  const validation = validationOf(data, fold.test, testX);
  const { model, params } = await learn(candidate, experiment, fold.train, state, X, {
    seed: deriveSeed(seed, index, 1),
    ...{ onProgress, onRound },
    ...onRound && { validation },
  });
  const inputOf = async (rows: Int32Array, X = transform(state, data, rows)) => ({
    yTrue: valuesOf(data.values!, rows),
    predictions: await predictValues(model, X),
    sampleWeight: weightsOf(data, rows),
  });
  const test = await inputOf(fold.test, testX);
  const train = scoring.brief ? undefined : await inputOf(fold.train);
  return {
    metrics: {
      ...Object.fromEntries(
        scoring.metrics.map((name) => [name, metricOf(name, "regression").compute(test)]),
      ),
      ...train && {
        [`train_${scoring.select}`]: metricOf(scoring.select, "regression").compute(train),
      },
    },
    predictions: test.predictions,
    sampled_rows: fold.train.length,
    params,
  };
}

function validationOf(
  data: CleanData,
  rows: Int32Array,
  X: Matrix,
): ValidationRows<Float64Array> {
  const sampleWeight = weightsOf(data, rows);
  return { X, y: valuesOf(data.values!, rows), ...sampleWeight && { sampleWeight } };
}

/** Fits a candidate to rows, its trees spread over the pool. */
export async function refitValues(
  candidate: Candidate,
  experiment: ComparisonData,
  rows: Int32Array,
  pool: WorkerPool,
  { signal, progress }: Watch,
  watched?: Int32Array,
): Promise<FittedModel<RegressionModel>> {
  const { set, data } = experiment;
  const state = fit(set, data, rows);
  const X = transformTraining(set, state, data, rows);
  const { model, params } = await learn(candidate, experiment, rows, state, X, {
    seed: deriveSeed(experiment.seed, 1),
    pool,
    signal,
    onProgress: progress,
    ...watched && tellsRounds(candidate) &&
      { validation: validationOf(data, watched, transform(state, data, watched)) },
  });
  return { state, model, params };
}
