/** What is written beside a model: enough to serve it, explain it and watch it. */

import { z } from "zod";
import type { AlertRule } from "../anomaly/mod.ts";
import type { ColumnStatistics } from "../drift/mod.ts";
import {
  currentFeatureSet,
  currentState,
  type FeatureSet,
  type FeatureState,
  type InputField,
} from "../features/mod.ts";
import { type FeatureView, featureView } from "../feature_store/mod.ts";
import type { Profile, Profiles, ProfileSpec } from "../profile/mod.ts";
import type { SeriesSpec } from "../series/mod.ts";
import { type Acceptance, acceptance } from "./acceptance.ts";
import type { Decision, DecisionRule } from "./decision.ts";
import { type ModelFileKind, modelFileKinds } from "./model_file.ts";
import {
  type ReferencePredictions,
  referencePredictions,
  written,
} from "./reference_predictions.ts";
import { type ModelTask, modelTask, taskOfLabels } from "./task.ts";

/** How the name of a metadata file ends. */
export const metadataSuffix = "_metadata.json";

/** What metadata are called if a model has a folder of its own, as in MLflow. */
export const metadataFileName = "model_metadata.json";

/** One raw input column of a model, as its users and its server see it. */
export type InputColumn = InputField;

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
  /** SHA-256 of the model's file. */
  readonly model_digest: string;
  /** What the model's file holds; absent if it is ONNX, as in files of older versions. */
  readonly model_file?: ModelFileKind;
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
  /** The feature views that rows were joined with, which a server reads; absent without any. */
  readonly feature_views?: readonly FeatureView[];
  /** What was fitted, as plain data; absent in files of older versions. */
  readonly candidate?: Readonly<Record<string, unknown>>;
  /** The pipeline that made it, and with which parameters; absent in files of older versions. */
  readonly pipeline?: MadeBy;
  /** From where on its probability asks for action; beside the model, never in it. */
  readonly decision?: Decision;
  /** Which answers of several classes are accepted; absent if all are. */
  readonly rejection?: Rejection;
  /** From which score on a row alerts; absent if it gives no scores of anomalies. */
  readonly alert?: AlertRule;
  /** What is usual of each entity, by which events are described; absent if rows are no events. */
  readonly profiles?: Profiles;
  /** How events become the series that are forecast; absent of models of rows. */
  readonly series?: SeriesSpec;
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

/** Which answers are sure enough to stand; what lies below is left to a person. */
export interface Rejection {
  /** The probability of the predicted class from which on its answer is accepted. */
  readonly threshold: number;
  /** Share of held-out rows that were accepted. */
  readonly coverage: number;
  /** Share of those that were right. */
  readonly precision: number;
  /** Share of right ones that was asked for. */
  readonly wanted: number;
}

/** How a version is deployed. It stands beside the model, where an alias points at it. */
export interface Deployment {
  /** Run that made the model. */
  readonly run_id: string | null;
  /** From where on a probability asks for action; the model's own if it is left out. */
  readonly threshold?: DecisionRule;
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

/** A symmetric interval around a predicted number, by split conformal prediction. */
export interface PredictionInterval {
  /** Share of true values that lie within, in (0, 1). */
  readonly coverage: number;
  /** Half the interval's width, in the unit of the target. */
  readonly half_width: number;
}

/** Which version is the newest, the content of `latest_model.json` and `latest_<name>.json`. */
export interface LatestModel {
  /** What its files are called. */
  readonly model_name: string;
  /** Its version, `YYYYMMDD_HHMMSS`. */
  readonly version: string;
  /** Path of the model's file, relative to the folder of the pointer. */
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
  freeText: z.literal(true).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  codes: z.boolean().optional(),
  decimal: z.enum([".", ","]).optional(),
  description: z.string().optional(),
});

const modelMetadata = z.object({
  model_name: z.string(),
  name: z.string().optional(),
  version: z.string(),
  timestamp: z.string(),
  model_digest: z.string(),
  model_file: z.enum(modelFileKinds).optional(),
  metrics: z.record(z.string(), z.number()),
  feature_columns: z.array(z.string()),
  task: modelTask.optional(),
  class_labels: z.array(z.string()),
  input_schema: z.array(inputColumn),
  declared_features: written<FeatureSet>().transform(currentFeatureSet).optional(),
  feature_state: written<FeatureState>().transform(currentState),
  feature_views: z.array(written<FeatureView>().transform(featureView)).optional(),
  candidate: z.record(z.string(), z.unknown()).optional(),
  pipeline: z.object({ name: z.string(), params: z.record(z.string(), z.unknown()) }).optional(),
  decision: z.object({
    threshold: z.number().min(0).max(1),
    label: z.string(),
    costs: z.object({ falsePositive: z.number(), falseNegative: z.number() }).optional(),
  }).optional(),
  rejection: z.object({
    threshold: z.number().min(0).max(1.0001),
    coverage: z.number().min(0).max(1),
    precision: z.number().min(0).max(1),
    wanted: z.number().gt(0).lt(1),
  }).optional(),
  alert: z.object({
    threshold: z.number(),
    share: z.number().gt(0).max(0.5),
    scores: z.array(z.number()).min(1),
  }).optional(),
  profiles: z.object({
    spec: written<ProfileSpec>(),
    states: z.record(z.string(), written<Profile>()),
  })
    .optional(),
  series: written<SeriesSpec>().optional(),
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
