/** Fitting classifiers: sampling, learning, predicting, on rows of a training. */

import { deriveSeed, Random, task, type WorkerPool } from "../../base/mod.ts";
import {
  categoricalFeatures,
  type CleanData,
  type FeatureState,
  fit,
  isClassTarget,
  transform,
  transformTraining,
} from "../../features/mod.ts";
import {
  type Classifier,
  learnerOf,
  type LearnerSpec,
  predictProba,
  type ValidationRows,
} from "../../learners/mod.ts";
import { type MetricInput, metricOf, type MetricTask } from "../../metrics/mod.ts";
import { samplerOf } from "../../samplers/mod.ts";
import { type Matrix, takeRows } from "../../dataset/mod.ts";
import { mostProbable } from "../../trees/mod.ts";
import { type Candidate, placedLearner, resamples } from "../candidate.ts";
import type { ComparisonData, FittedModel, FoldJob, FoldScores, Watch } from "../experiment.ts";
import { prepareFold } from "../prepared_fold.ts";
import { type LearnOptions, type OnRound, scoreWatched, tellsRounds } from "../round_watch.ts";
import { drawGroups, drawParts } from "../../splits/mod.ts";
import { weightsOf } from "../row_weights.ts";

/** Rows to learn from, after sampling. */
interface Learned {
  readonly X: Matrix;
  readonly y: Int32Array;
  /** Rows to stop by, drawn before sampling: copies of one row must not be on both sides. */
  readonly validation?: ValidationRows<Int32Array>;
  /** Group of each row, where nothing was sampled. */
  readonly groups?: Int32Array;
  /** Weight of each row, if rows have weights; then nothing is sampled. */
  readonly sampleWeight?: Float32Array;
}

interface SampleJob {
  readonly candidate: Candidate;
  readonly experiment: ComparisonData;
  readonly rows: Int32Array;
  readonly state: FeatureState;
  readonly seed: number;
  /** The rows as learners read them, if they are there already. */
  readonly X?: Matrix;
}

/** The classes of an experiment. */
export function classesOf({ set: { target } }: Pick<ComparisonData, "set">): readonly string[] {
  if (!isClassTarget(target)) throw new Error(`Target "${target.column}" has no classes`);
  return target.classes;
}

async function sample(job: SampleJob): Promise<Learned> {
  const { candidate, experiment, state, seed } = job;
  const { data } = experiment;
  const labels = data.labels!;
  const labelsOf = (rows: Int32Array) => rows.map((row) => labels[row]);
  const groupsOf = (rows: Int32Array) => data.groups && rows.map((row) => data.groups![row]);
  const { earlyStopping, calibration } = candidate.learner;
  let { rows } = job;
  let X = job.X ?? transformTraining(experiment.set, state, data, rows);
  let validation: Learned["validation"];
  const isSampled = resamples(candidate);
  if (isSampled && earlyStopping && !calibration) {
    const random = new Random(deriveSeed(seed, 7));
    const { share = 0.1 } = earlyStopping;
    const groups = groupsOf(rows);
    const held = groups
      ? drawGroups(groups, share, random)
      : drawParts(labelsOf(rows), share, random);
    const isHeld = new Set(held);
    const places = [...rows.keys()];
    const [stop, learn] = [true, false].map((side) => places.filter((i) => isHeld.has(i) === side));
    validation = { X: takeRows(X, stop), y: labelsOf(Int32Array.from(stop, (i) => rows[i])) };
    X = takeRows(X, learn);
    rows = Int32Array.from(learn, (i) => rows[i]);
  }
  const y = labelsOf(rows);
  const sampleWeight = weightsOf(data, rows);
  if (candidate.sampler === undefined) return { X, y, groups: groupsOf(rows), sampleWeight };
  const names = {
    classNames: classesOf(experiment),
    columnNames: state.features,
    categorical: categoricalFeatures(state),
  };
  const sampled = await samplerOf(candidate.sampler)
    .sample({ X, y, ...names }, new Random(seed));
  return {
    X: sampled.X,
    y: sampled.y,
    ...validation && { validation },
    ...!isSampled && { groups: groupsOf(rows), sampleWeight },
  };
}

/** Samples rows in a worker; it shares the result, it does not copy it. */
export const sampleClasses = task(import.meta.url, "sampleClasses", sample);

async function learn(
  candidate: Candidate,
  experiment: ComparisonData,
  state: FeatureState,
  { X, y, validation, groups, sampleWeight }: Learned,
  options: LearnOptions,
): Promise<{ model: Classifier; params: Record<string, unknown> }> {
  const learner = learnerOf(placedLearner<LearnerSpec>(candidate, state));
  const model = await learner.fit(X, y, {
    ...options,
    classes: classesOf(experiment).length,
    ...validation && { validation },
    ...groups && { groups },
    ...sampleWeight && { sampleWeight },
  });
  return { model, params: { ...learner.params } };
}

/** What metrics of classes are computed from; of the rows' truth and weights. */
export function classInput(
  experiment: ComparisonData,
  rows: Int32Array,
  probabilities: ArrayLike<number>,
): MetricInput {
  const { labels, weights } = experiment.data;
  const yTrue = rows.map((row) => labels![row]);
  const { target } = experiment.set;
  const classes = classesOf(experiment);
  const positive = isClassTarget(target) ? target.positive : undefined;
  return {
    yTrue,
    labels: mostProbable(probabilities as Float32Array, yTrue.length),
    probabilities,
    classes: classes.length,
    ...weights && { sampleWeight: weightsOf(experiment.data, rows) },
    ...classes.length === 2 && { positive: positive === undefined ? 1 : classes.indexOf(positive) },
  };
}

/** Scores a fold; everything learned is learned from its training rows alone. */
export const scoreClasses = task(
  import.meta.url,
  "scoreClasses",
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
  const sampled = await sample({
    ...{ candidate, experiment, state, X },
    rows: fold.train,
    seed: deriveSeed(seed, index),
  });
  const learned = onRound
    ? { ...sampled, validation: validationOf(data, fold.test, testX) }
    : sampled;
  const { model, params } = await learn(candidate, experiment, state, learned, {
    seed: deriveSeed(seed, index, 1),
    ...{ onProgress, onRound },
  });
  const inputOf = async (rows: Int32Array, X = transform(state, data, rows)) => {
    const probabilities = await predictProba(model, X);
    return { probabilities, input: classInput(experiment, rows, probabilities) };
  };
  const test = await inputOf(fold.test, testX);
  const train = scoring.brief ? undefined : await inputOf(fold.train);
  const kind: MetricTask = classesOf(experiment).length === 2 ? "binary" : "multiclass";
  return {
    metrics: {
      ...Object.fromEntries(
        scoring.metrics.map((name) => [name, metricOf(name, kind).compute(test.input)]),
      ),
      ...train && {
        [`train_${scoring.select}`]: metricOf(scoring.select, kind).compute(train.input),
      },
    },
    predictions: test.probabilities,
    sampled_rows: sampled.y.length,
    params,
  };
}

function validationOf(data: CleanData, rows: Int32Array, X: Matrix): ValidationRows<Int32Array> {
  const sampleWeight = weightsOf(data, rows);
  return { X, y: rows.map((row) => data.labels![row]), ...sampleWeight && { sampleWeight } };
}

/** Fits a candidate to rows, its trees spread over the pool. */
export async function refitClasses(
  candidate: Candidate,
  experiment: ComparisonData,
  rows: Int32Array,
  pool: WorkerPool,
  { signal, progress }: Watch,
  watched?: Int32Array,
): Promise<FittedModel<Classifier>> {
  const { set, data, seed } = experiment;
  const state = fit(set, data, rows);
  const job = { candidate, experiment, rows, state, seed: deriveSeed(seed) };
  const learned = await pool.run(sampleClasses, job, { signal });
  const told = watched && tellsRounds(candidate) &&
    { validation: validationOf(data, watched, transform(state, data, watched)) };
  const { model, params } = await learn(candidate, experiment, state, { ...learned, ...told }, {
    seed: deriveSeed(seed, 1),
    pool,
    signal,
    onProgress: progress,
  });
  return { state, model, params };
}
