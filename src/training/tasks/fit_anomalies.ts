/** Fitting detectors of anomalies on rows of a training; their labels are for scoring alone. */

import {
  type DetectorModel,
  detectorOf,
  type DetectorSpec,
  exportedDetectors,
  scoreAnomalies,
  type TreeDetector,
} from "../../anomaly/mod.ts";
import { DataError, deriveSeed, task, UsageError, type WorkerPool } from "../../base/mod.ts";
import { categoricalFeatures, type FeatureState, fit, transform } from "../../features/mod.ts";
import { type MetricInput, metricOf } from "../../metrics/mod.ts";
import type { Candidate } from "../candidate.ts";
import type { ComparisonData, FittedModel, FoldJob, FoldScores, Watch } from "../experiment.ts";
import { prepareFold } from "../prepared_fold.ts";
import { weightsOf } from "../row_weights.ts";
import { refuseWish } from "./classes.ts";
import { classesOf } from "./fit_classes.ts";

/**
 * The detector of a candidate.
 *
 * @throws {UsageError} for settings that no detector has, or a detector that cannot be exported.
 */
export function candidateDetector({ learner, sampler }: Candidate) {
  if (sampler !== undefined && sampler !== "none") refuseWish("a sampler", "classes");
  const { kind, params, ...beside } = learner;
  const [other] = Object.keys(beside);
  if (other !== undefined) refuseWish(other, "learners of a target");
  const detector = detectorOf({ kind, ...params && { params } } as DetectorSpec);
  if (exportedDetectors.includes(kind)) return detector;
  throw new UsageError(`Cannot train ${kind}: it does not become an ONNX file`, {
    next: `choose one of ${exportedDetectors.join(", ")}`,
  });
}

/** The class that is looked for. */
export function positiveClass({ set: { target } }: Pick<ComparisonData, "set">): string {
  const { classes, positive } = target as { classes: readonly string[]; positive?: string };
  return positive ?? classes[1];
}

/** 1 for each of `rows` that is of the class that is looked for. */
export function unusualRows({ set, data }: ComparisonData, rows: Int32Array): Int32Array {
  const code = classesOf({ set }).indexOf(positiveClass({ set }));
  return rows.map((row) => Number(data.labels![row] === code));
}

/** Scores as metrics of two classes take them: those of the class that is looked for. */
export function anomalyInput(
  experiment: ComparisonData,
  rows: Int32Array,
  scores: ArrayLike<number>,
): MetricInput {
  const probabilities = new Float64Array(2 * rows.length);
  probabilities.set(Float64Array.from(scores), rows.length);
  return {
    yTrue: unusualRows(experiment, rows),
    probabilities,
    sampleWeight: weightsOf(experiment.data, rows),
  };
}

function refuseCategories(state: FeatureState): void {
  const [first] = categoricalFeatures(state);
  if (first === undefined) return;
  throw new DataError(
    `Cannot look for anomalies in column "${state.features[first]}": its categories have no order`,
    { next: "declare it with oneHot(), or leave it out" },
  );
}

/** Scores a fold; everything learned is learned from its training rows alone, without labels. */
export const scoreDetector = task(
  import.meta.url,
  "scoreDetector",
  async (
    { experiment, candidate, fold, index, scoring, prepared }: FoldJob,
    { progress },
  ): Promise<FoldScores> => {
    const { state, learn, test } = prepared ?? prepareFold(experiment, fold);
    refuseCategories(state);
    const detector = candidateDetector(candidate);
    const seed = deriveSeed(experiment.seed, index, 1);
    const model = await detector.fit(learn, { seed, onProgress: progress });
    const predictions = await scoreAnomalies(model, test);
    const input = anomalyInput(experiment, fold.test, predictions);
    const { select } = scoring;
    const own = scoring.brief
      ? undefined
      : anomalyInput(experiment, fold.train, await scoreAnomalies(model, learn));
    return {
      metrics: {
        ...Object.fromEntries(
          scoring.metrics.map((name) => [name, metricOf(name, "binary").compute(input)]),
        ),
        ...own && { [`train_${select}`]: metricOf(select, "binary").compute(own) },
      },
      predictions,
      sampled_rows: fold.train.length,
      params: { ...detector.params },
    };
  },
);

/** Fits a candidate to rows. */
export async function refitDetector(
  candidate: Candidate,
  { set, data, seed: base }: ComparisonData,
  rows: Int32Array,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<FittedModel<DetectorModel>> {
  const state = fit(set, data, rows);
  refuseCategories(state);
  const detector = candidateDetector(candidate);
  const seed = deriveSeed(base, 1);
  const options = { seed, pool, signal, onProgress: progress };
  const model = await detector.fit(transform(state, data, rows), options);
  return { state, model: model as TreeDetector, params: { ...detector.params } };
}
