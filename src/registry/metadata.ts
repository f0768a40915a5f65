/** What is written beside a model: enough to serve it, explain it and watch it. */

import { z } from "zod";
import type {
  CategoryStatistics,
  ClassificationQuality,
  ColumnStatistics,
  NumericStatistics,
  ReferencePerformance,
} from "../drift/mod.ts";
import {
  currentFeatureSet,
  currentState,
  type FeatureSet,
  type FeatureState,
} from "../features/mod.ts";
import { type Acceptance, acceptance } from "./acceptance.ts";
import { type ModelTask, modelTask, taskOfLabels } from "./task.ts";

/** How the name of a metadata file ends. */
export const metadataSuffix = "_metadata.json";

/** What metadata are called if a model has a folder of its own, as in MLflow. */
export const metadataFileName = "model_metadata.json";

/** One raw input column of a model, as its users and its server see it. */
export interface InputColumn {
  /** Name of the raw column. */
  readonly name: string;
  /** What the model takes: a number or a text. */
  readonly kind: "number" | "text";
  /** Whether a request must send it. */
  readonly required: boolean;
  /** The texts that training knew, if the column holds categories. */
  readonly categories?: readonly string[];
  /** Smallest number that is believed; below it counts as missing. */
  readonly min?: number;
  /** Largest number that is believed; above it counts as missing. */
  readonly max?: number;
  /** Whether categories are integer codes, which may be sent as numbers. */
  readonly codes?: boolean;
  /** How its numbers are written in text, where not plainly. */
  readonly decimal?: "." | ",";
  /** What the column means. */
  readonly description?: string;
}

/** Metadata of a model version, the content of `<model>_v_<version>_metadata.json`. */
export interface ModelMetadata {
  /** What its files are called: the model's name, or its candidate's, as `Over_RandomForest`. */
  readonly model_name: string;
  /**
   * The model that it is a version of, as `home-equity`: each name has a newest version of its
   * own, and a version of one name never takes the place of another's. Absent in files of older
   * versions.
   */
  readonly name?: string;
  /** When it was made, `YYYYMMDD_HHMMSS` in local time; unique within a folder. */
  readonly version: string;
  /** The same moment in ISO 8601. */
  readonly timestamp: string;
  /** SHA-256 of the ONNX file. */
  readonly model_digest: string;
  /** Cross-validated metrics by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Names of the encoded features in the order the trees read them. */
  readonly feature_columns: readonly string[];
  /** What it predicts; of files of older versions told by their class labels. */
  readonly task: ModelTask;
  /** Class labels in the order of their codes; none if it predicts a number. */
  readonly class_labels: readonly string[];
  /** The raw columns that the ONNX graph takes. */
  readonly input_schema: readonly InputColumn[];
  /** The features as they were declared; absent in files of older versions. */
  readonly declared_features?: FeatureSet;
  /** Everything the features learned. */
  readonly feature_state: FeatureState;
  /** What was fitted, as plain data; absent in files of older versions. */
  readonly candidate?: Readonly<Record<string, unknown>>;
  /** The pipeline that made it, and with which parameters; absent in files of older versions. */
  readonly pipeline?: MadeBy;
  /** From where on its probability asks for action; beside the model, never in it. */
  readonly decision?: Decision;
  /** How far a predicted number may be off; absent if training kept nothing to tell it by. */
  readonly interval?: PredictionInterval;
  /** SHA-256 of the training data file. */
  readonly data_digest: string;
  /** MLflow run that made it. */
  readonly run_id: string | null;
  /** Commit of the code that made it, null outside a git checkout. */
  readonly git_commit: string | null;
  /** Versions of Deno and the packages that made it. */
  readonly package_versions: Readonly<Record<string, string>>;
  /** Statistics of each raw column on the training rows, for drift checks. */
  readonly reference_statistics: Readonly<Record<string, ColumnStatistics>>;
  /** What is kept to judge later predictions; absent in files of older versions. */
  readonly reference_performance?: ReferencePredictions;
  /** What it was held to, and what is kept to check it again; absent in files of older versions. */
  readonly acceptance?: Acceptance;
  /** How it is deployed: never in its file, told by the alias that it was read through. */
  readonly deployment?: Deployment;
}

/** How a version is deployed. It stands beside the model, where an alias points at it. */
export interface Deployment {
  /** Run that made the model. */
  readonly run_id: string | null;
  /** From where on a probability asks for action; the model's own if it is left out. */
  readonly threshold?: Pick<Decision, "threshold" | "label">;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Who deployed it. */
  readonly by: string;
  /** The reason that was given. */
  readonly why: string;
  /**
   * Who chooses the next champion: `newest` lets each training that reaches its gates, as long
   * as nobody chose one by hand; `promoted` waits for `deno task models promote`.
   */
  readonly policy: "newest" | "promoted";
}

/** A pipeline and the parameters of the run that made a model. */
export interface MadeBy {
  /** Name of the pipeline, as `deno task pipeline` takes it. */
  readonly name: string;
  /** Its parameters, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** When a probability asks for action. */
export interface Decision {
  /** The probability from which on to act, in [0, 1]. */
  readonly threshold: number;
  /** The class whose probability it is. */
  readonly label: string;
  /** What each kind of error costs, where the threshold was chosen by costs. */
  readonly costs?: { readonly falsePositive: number; readonly falseNegative: number };
}

/** A symmetric interval around a predicted number, by split conformal prediction. */
export interface PredictionInterval {
  /** Share of true values that lie within, in (0, 1). */
  readonly coverage: number;
  /** Half the interval's width, in the unit of the target. */
  readonly half_width: number;
}

/** How the model did on training rows that were held out from it, by the kind of its task. */
export type ReferencePredictions = ReferenceClasses | ReferenceNumbers;

/** Held-out predictions of classes. */
export interface ReferenceClasses {
  /** Tells the kinds apart; files of older versions have none and hold classes. */
  readonly kind?: "classes";
  /** Calibration, expected metrics and their spread, to estimate performance without labels. */
  readonly performance: ReferencePerformance;
  /** Metrics, confusion matrix and curves. */
  readonly quality: ClassificationQuality;
  /** By what rows count as a class in both; the most probable one where absent. */
  readonly decided?: Pick<Decision, "threshold" | "label">;
  /** Statistics of the labels. */
  readonly target: CategoryStatistics;
  /** Statistics of the predicted classes. */
  readonly prediction: CategoryStatistics;
  /** Statistics of the probability of each class, by its label. */
  readonly probabilities: Readonly<Record<string, NumericStatistics>>;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Held-out predictions of numbers. */
export interface ReferenceNumbers {
  /** Tells the kinds apart. */
  readonly kind: "numbers";
  /** Error metrics by name, as `rmse`. */
  readonly quality: Readonly<Record<string, number>>;
  /** Statistics of the true values. */
  readonly target: NumericStatistics;
  /** Statistics of the predicted values. */
  readonly prediction: NumericStatistics;
  /** Statistics of true minus predicted value. */
  readonly error: NumericStatistics;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Which version is the newest, the content of `latest_model.json` and `latest_<name>.json`. */
export interface LatestModel {
  /** What its files are called. */
  readonly model_name: string;
  /** Its version, `YYYYMMDD_HHMMSS`. */
  readonly version: string;
  /** Path of the ONNX file, relative to the folder of the pointer. */
  readonly model_path: string;
  /** Path of the metadata, relative to the folder of the pointer. */
  readonly metadata_path: string;
  /** How it is deployed; absent in files of older versions. */
  readonly deployment?: Deployment;
}

/** Checks how a version is deployed. */
export const deployment: z.ZodType<Deployment> = z.object({
  run_id: z.string().nullable(),
  threshold: z.object({ threshold: z.number().min(0).max(1), label: z.string() }).optional(),
  since: z.string(),
  by: z.string(),
  why: z.string(),
  policy: z.enum(["newest", "promoted"]),
});

const inputColumn: z.ZodType<InputColumn> = z.object({
  name: z.string(),
  kind: z.enum(["number", "text"]),
  required: z.boolean(),
  categories: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  codes: z.boolean().optional(),
  decimal: z.enum([".", ","]).optional(),
  description: z.string().optional(),
});

/** What another room of the framework wrote: an object, which is not looked into again here. */
function written<T extends object>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === "object" && value !== null, "must be an object");
}

const referencePredictions: z.ZodType<ReferencePredictions> = z.union([
  z.object({
    kind: z.literal("numbers"),
    quality: z.record(z.string(), z.number()),
    target: written<NumericStatistics>(),
    prediction: written<NumericStatistics>(),
    error: written<NumericStatistics>(),
    column_importance: z.record(z.string(), z.number()),
  }),
  z.object({
    kind: z.literal("classes").optional(),
    performance: written<ReferencePerformance>(),
    quality: written<ClassificationQuality>(),
    decided: z.object({ threshold: z.number(), label: z.string() }).optional(),
    target: written<CategoryStatistics>(),
    prediction: written<CategoryStatistics>(),
    probabilities: z.record(z.string(), written<NumericStatistics>()),
    column_importance: z.record(z.string(), z.number()),
  }),
]);

const modelMetadata = z.object({
  model_name: z.string(),
  name: z.string().optional(),
  version: z.string(),
  timestamp: z.string(),
  model_digest: z.string(),
  metrics: z.record(z.string(), z.number()),
  feature_columns: z.array(z.string()),
  task: modelTask.optional(),
  class_labels: z.array(z.string()),
  input_schema: z.array(inputColumn),
  declared_features: written<FeatureSet>().transform(currentFeatureSet).optional(),
  feature_state: written<FeatureState>().transform(currentState),
  candidate: z.record(z.string(), z.unknown()).optional(),
  pipeline: z.object({ name: z.string(), params: z.record(z.string(), z.unknown()) }).optional(),
  decision: z.object({
    threshold: z.number().min(0).max(1),
    label: z.string(),
    costs: z.object({ falsePositive: z.number(), falseNegative: z.number() }).optional(),
  }).optional(),
  interval: z.object({
    coverage: z.number().gt(0).lt(1),
    half_width: z.number().min(0),
  }).optional(),
  data_digest: z.string(),
  run_id: z.string().nullable(),
  git_commit: z.string().nullable(),
  package_versions: z.record(z.string(), z.string()),
  reference_statistics: z.record(z.string(), written<ColumnStatistics>()),
  reference_performance: referencePredictions.optional(),
  acceptance: acceptance.optional(),
});

const latestModel: z.ZodType<LatestModel> = z.object({
  model_name: z.string(),
  version: z.string(),
  model_path: z.string(),
  metadata_path: z.string(),
  deployment: deployment.optional(),
});

/**
 * Checks the content of a metadata file. Files of older versions tell no task:
 * theirs is read off their class labels.
 *
 * @throws if a field is missing or of another type.
 */
export function parseMetadata(value: unknown): ModelMetadata {
  const parsed = modelMetadata.parse(value);
  return { ...parsed, task: parsed.task ?? taskOfLabels(parsed.class_labels) };
}

/**
 * Checks the content of a pointer to the newest version.
 *
 * @throws if a field is missing or of another type.
 */
export function parseLatest(value: unknown): LatestModel {
  return latestModel.parse(value);
}
