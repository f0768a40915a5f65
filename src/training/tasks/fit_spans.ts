/** Fitting models of spans on rows of a training. */

import { DataError, deriveSeed, task, UsageError, type WorkerPool } from "../../base/mod.ts";
import {
  type CleanData,
  cleanedAs,
  type FeatureSet,
  type FeatureState,
  fit,
  flatTruth,
  isSpanTarget,
  type SpanTarget,
  tagRows,
  type TextColumn,
  tokenRows,
  tokensOfColumn,
  type TokensState,
} from "../../features/mod.ts";
import {
  predictSequences,
  sequenceLearnerOf,
  type SequenceLearnerSpec,
  type SequenceModel,
  spanOrder,
} from "../../learners/mod.ts";
import { flatTags, type MetricInput, metricOf } from "../../metrics/mod.ts";
import type { Candidate } from "../candidate.ts";
import type { ComparisonData, FittedModel, FoldJob, FoldScores, Watch } from "../experiment.ts";
import { type LearnOptions, scoreWatched } from "../round_watch.ts";

/** The target of an experiment. */
export function spanTarget({ set: { target } }: Pick<ComparisonData, "set">): SpanTarget {
  if (isSpanTarget(target)) return target;
  throw new Error(`Target "${target.column}" is no spans`);
}

/**
 * Refuses features that no model of spans reads.
 *
 * @throws {UsageError} unless there is one column, of tokens, and no weight.
 */
export function checkTokens({ columns, weight, derived = {} }: FeatureSet): void {
  const names = Object.keys(columns);
  const wrong = names.some((name) => columns[name].kind !== "tokens");
  if (names.length !== 1 || wrong || Object.keys(derived).length > 0) {
    throw new UsageError(`Cannot find spans in the columns ${names.join(", ")}`, {
      next: "declare one column, with tokens(), and no derived ones",
    });
  }
  if (weight !== undefined) {
    throw new UsageError(`Cannot weigh texts by column "${weight}"`, {
      next: "leave the weight out: spans are counted alike",
    });
  }
}

/** The column of texts. */
export function textColumn({ set, data }: Pick<ComparisonData, "set" | "data">): TextColumn {
  const [[name, { kind }]] = Object.entries(set.columns);
  return cleanedAs(data.columns[name], { kind, name }) as TextColumn;
}

/**
 * Refuses texts that cannot be learned.
 *
 * @throws {DataError} for spans that are not made of whole tokens, and for labels without a span.
 */
export function checkSpans(experiment: ComparisonData): void {
  const { data, set } = experiment;
  checkTokens(set);
  const { labels, column } = spanTarget(experiment);
  const { faults } = tagRows(textColumn(experiment), data.spans!, allRows(data));
  if (faults.length > 0) {
    const [{ row, fault }] = faults;
    const place = (data.kept?.[row] ?? row) + 1;
    throw new DataError(
      `Cannot learn spans from column "${column}": row ${place}: ${fault}` +
        (faults.length > 1 ? ` (and ${faults.length - 1} more rows)` : ""),
      { next: "count code points from 0, end not included, and mark whole words" },
    );
  }
  const counts = new Int32Array(labels.length);
  for (const label of data.spans!.labels) counts[label]++;
  const empty = labels.filter((_, l) => counts[l] === 0);
  if (empty.length === 0) return;
  throw new DataError(
    `Cannot learn the labels: no text has ${empty.join(", ")} (spans by label: ${
      labels.map((name, l) => `${name} ${counts[l]}`).join(", ")
    })`,
    { next: "add texts with it, or take it out of the target's labels" },
  );
}

function allRows({ rows }: CleanData): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function stateOf({ columns: [column] }: FeatureState): TokensState {
  return column as TokensState;
}

/** Tokens of the longest text of a column. */
function longestOf(column: TextColumn): number {
  const { offsets } = tokensOfColumn(column);
  let most = 0;
  for (let t = 0; t + 1 < offsets.length; t++) most = Math.max(most, offsets[t + 1] - offsets[t]);
  return most;
}

/**
 * What a model says of rows: how sure it is, then the tag of each token, −1 beyond the last, shape
 * [1 + tokens of the longest text of the data, rows].
 */
export function predictSpans(
  { state, model }: Pick<FittedModel<SequenceModel>, "state" | "model">,
  column: TextColumn,
  rows: Int32Array,
): Float64Array {
  const sequences = tokenRows(stateOf(state), column, rows);
  const { tags, confidence } = predictSequences(model, sequences);
  const said = new Float64Array((1 + longestOf(column)) * rows.length).fill(-1);
  said.set(confidence);
  rows.forEach((_, i) => {
    for (let at = sequences.offsets[i]; at < sequences.offsets[i + 1]; at++) {
      said[(1 + at - sequences.offsets[i]) * rows.length + i] = tags[at];
    }
  });
  return said;
}

/** What metrics of spans are computed from: tags text after text, −1 between them. */
export function spanInput(
  experiment: ComparisonData,
  rows: Int32Array,
  predictions: ArrayLike<number>,
): MetricInput {
  const yTrue = flatTruth(textColumn(experiment), experiment.data.spans!, rows);
  const classes = spanTarget(experiment).labels.length;
  return { yTrue, labels: flatTags(yTrue, predictions), classes };
}

async function learn(
  candidate: Candidate,
  experiment: ComparisonData,
  rows: Int32Array,
  options: Pick<LearnOptions, "seed" | "pool" | "signal" | "onProgress">,
): Promise<FittedModel<SequenceModel>> {
  const { set, data } = experiment;
  const column = textColumn(experiment);
  const state = fit(set, data, rows);
  const learner = sequenceLearnerOf(candidate.learner as SequenceLearnerSpec);
  const { tags } = tagRows(column, data.spans!, rows);
  const order = spanOrder(spanTarget(experiment).labels.length);
  const model = await learner.fit(tokenRows(stateOf(state), column, rows), tags, {
    ...options,
    order,
  });
  return { ...withoutIdle(state, model), params: { ...learner.params } };
}

/** State and model without attributes that weigh nothing: an L1 penalty leaves most of them so. */
function withoutIdle(
  state: FeatureState,
  model: SequenceModel,
): Pick<FittedModel<SequenceModel>, "state" | "model"> {
  const { tags } = model.order;
  const { ids } = stateOf(state);
  const busy = ids.flatMap((_, a) =>
    model.weights.subarray(a * tags, (a + 1) * tags).some((weight) => weight !== 0) ? [a] : []
  );
  const weights = new Float32Array(busy.length * tags);
  busy.forEach((a, i) => weights.set(model.weights.subarray(a * tags, (a + 1) * tags), i * tags));
  const column = { ...stateOf(state), ids: busy.map((a) => ids[a]) };
  return { state: { ...state, columns: [column] }, model: { ...model, weights } };
}

/** Scores a fold; everything learned is learned from its training rows alone. */
export const scoreSpans = task(
  import.meta.url,
  "scoreSpans",
  (job: FoldJob, context) => scoreWatched(job, context, scoreFold),
);

async function scoreFold(job: FoldJob, onProgress: (done: number) => void): Promise<FoldScores> {
  const { experiment, candidate, fold, index, scoring } = job;
  const seed = deriveSeed(experiment.seed, index, 1);
  const fitted = await learn(candidate, experiment, fold.train, { seed, onProgress });
  const column = textColumn(experiment);
  const inputOf = (rows: Int32Array) => {
    const predictions = predictSpans(fitted, column, rows);
    return { predictions, input: spanInput(experiment, rows, predictions) };
  };
  const test = inputOf(fold.test);
  const train = scoring.brief ? undefined : inputOf(fold.train);
  const score = (name: string, input: MetricInput) => metricOf(name, "spans").compute(input);
  return {
    metrics: {
      ...Object.fromEntries(scoring.metrics.map((name) => [name, score(name, test.input)])),
      ...train && { [`train_${scoring.select}`]: score(scoring.select, train.input) },
    },
    predictions: test.predictions,
    sampled_rows: fold.train.length,
    params: fitted.params,
  };
}

/** Fits a candidate to rows, spread over the pool. */
export function refitSpans(
  candidate: Candidate,
  experiment: ComparisonData,
  rows: Int32Array,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<FittedModel<SequenceModel>> {
  const seed = deriveSeed(experiment.seed, 1);
  return learn(candidate, experiment, rows, { seed, pool, signal, onProgress: progress });
}
