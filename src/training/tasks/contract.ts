/** What a kind of task says of itself; training knows nothing else of it. */

import type { AlertRule } from "../../anomaly/mod.ts";
import type { Task, WorkerPool } from "../../base/mod.ts";
import type { CleanData, FeatureSet, Target } from "../../features/mod.ts";
import type { MetricInput, MetricTask } from "../../metrics/mod.ts";
import type { ExportedDeclaration } from "../../pipeline/mod.ts";
import type {
  Decision,
  ModelMetadata,
  PredictionInterval,
  ReferencePredictions,
  Rejection,
} from "../../registry/mod.ts";
import type { Section } from "../../report/mod.ts";
import type { TrackedColumn } from "../../tracking/mod.ts";
import type { EncoderFiles } from "../../encoders/mod.ts";
import type { Candidate } from "../candidate.ts";
import type { Threshold } from "../threshold.ts";
import type {
  ComparisonData,
  FittedModel,
  FoldJob,
  FoldScores,
  OutputValues,
  Watch,
} from "../experiment.ts";
import type { HeldOut } from "../held_out.ts";
import type { SplitKind } from "../../splits/mod.ts";

/** What a training concludes from held-out predictions, beside the choice of a candidate. */
export interface Conclusion {
  /** From where on a probability asks for action. */
  readonly decision?: Decision & {
    /** Whether the business gave it: then it is the deployment's, and no part of the metadata. */
    readonly given?: boolean;
  };
  /** Which answers of several classes are accepted. */
  readonly rejection?: Rejection;
  /** From which score on a row alerts. */
  readonly alert?: AlertRule;
  /** How far a predicted number may be off. */
  readonly interval?: PredictionInterval;
  /** What it means for the held-out rows, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Held-out predictions of the best candidate, and what follows from them. */
export interface Concluded {
  /** The predictions. */
  readonly held: HeldOut;
  /** What follows. */
  readonly conclusion: Conclusion;
}

/** What a user declared beside the candidates. */
export interface Wishes {
  /** From which probability on to act. */
  readonly threshold?: Threshold;
  /** Share of true values that an interval is to hold, in (0, 1). */
  readonly coverage?: number;
}

/** What the sections of a report are written from. */
export interface CardParts {
  /** Rows and features. */
  readonly experiment: ComparisonData;
  /** Held-out predictions of the best candidate. */
  readonly held: HeldOut;
  /** What was concluded from them. */
  readonly conclusion: Conclusion;
}

/**
 * A kind of task, in a file of its own. `module` and `name` say where it is exported,
 * so that its code counts for kept outputs.
 */
export interface TrainingTask extends ExportedDeclaration {
  /** What it is called in the metadata. */
  readonly kind: string;
  /** Which metrics of the catalogue can score it. */
  readonly metricTask: MetricTask;
  /** The metrics that are always told; candidates are compared by the first unless declared. */
  readonly metrics: readonly string[];
  /** Names of metrics in MLflow if they differ. */
  readonly trackedAs?: Readonly<Record<string, string>>;
  /** The splits that fit; the first unless declared. */
  readonly splits: readonly [SplitKind, ...SplitKind[]];
  /** Whether it predicts such a target. */
  fits(target: Target): boolean;
  /**
   * Refuses candidates that cannot be made, when the pipeline is wired.
   *
   * @throws {UsageError} saying what was found and what to do.
   */
  checkCandidate(candidate: Candidate): void;
  /**
   * Refuses what could not be trained, before anything is.
   *
   * @throws {UserError} saying what was found and what to do.
   */
  check(experiment: ComparisonData, wishes: Wishes): void;
  /** Fits a candidate to the training rows of a fold and scores it on the others, in a worker. */
  readonly score: Task<FoldJob, FoldScores>;
  /**
   * Fits a candidate to `rows`, spread over the pool.
   *
   * @param watched Rows that are not learned from, by which the loss after each round is told if
   * the candidate tells of its rounds; the model does not depend on them.
   */
  refit(
    candidate: Candidate,
    experiment: ComparisonData,
    rows: Int32Array,
    pool: WorkerPool,
    watch: Watch,
    watched?: Int32Array,
  ): Promise<FittedModel>;
  /** Predicts rows as the folds do. */
  predict(fitted: FittedModel, data: CleanData, rows: Int32Array): Promise<OutputValues>;
  /** What metrics are computed from. */
  metricInput(experiment: ComparisonData, held: HeldOut): MetricInput;
  /** What follows from the held-out predictions of the best candidate. */
  conclude(experiment: ComparisonData, held: HeldOut, wishes: Wishes): Conclusion;
  /** What the metadata say of the task. */
  describe(set: FeatureSet): Pick<ModelMetadata, "task" | "class_labels">;
  /** The ONNX file. */
  export(
    fitted: FittedModel,
    set: FeatureSet,
    about: {
      readonly name: string;
      readonly producerVersion: string;
      /** Files of the sentence encoders that its columns have. */
      readonly encoders?: Readonly<Record<string, EncoderFiles>>;
    },
  ): Uint8Array<ArrayBuffer>;
  /**
   * Makes sure that the file predicts what the model does.
   *
   * @throws {ModelError} showing the worst row where they disagree.
   */
  checkParity(bytes: Uint8Array, fitted: FittedModel, rows: CleanData): Promise<void>;
  /** The outputs of the ONNX file, as MLflow's signature lists them. */
  outputs(set: FeatureSet): readonly TrackedColumn[];
  /** What each of `count` scores that Shapley values explain is called. */
  scoreNames(set: FeatureSet, count: number): readonly string[];
  /** What is kept to judge later predictions by. */
  reference(
    experiment: ComparisonData,
    held: HeldOut,
    conclusion: Conclusion,
    importance: Readonly<Record<string, number>>,
  ): ReferencePredictions;
  /** The sections of the report about the predictions. */
  sections(parts: CardParts): readonly Section[];
}

/** What is asked of a task once its model is fitted. */
export type FittedTask = Pick<TrainingTask, (typeof fittedMembers)[number]>;

/** The members of {@link FittedTask}. */
export const fittedMembers = [
  ...["trackedAs", "predict", "describe", "export", "checkParity", "outputs"] as const,
  ...["scoreNames", "reference", "sections"] as const,
] satisfies (keyof TrainingTask)[];
