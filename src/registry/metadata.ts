/** What is written beside a model: enough to serve it, explain it and watch it. */

import { z } from "zod";

/** What metadata are called where a model has a folder of its own, as in MLflow. */
export const metadataFileName = "model_metadata.json";

/** One raw input column of a model, as its users and its server see it. */
export interface InputColumn {
  /** Name of the raw column. */
  readonly name: string;
  /** What the model takes: a number or a text. */
  readonly kind: "number" | "text";
  /** Whether a request must send it. */
  readonly required: boolean;
  /** The texts that training knew, where the column holds categories. */
  readonly categories?: readonly string[];
  /** Smallest number that is believed; below it counts as missing. */
  readonly min?: number;
  /** Largest number that is believed; above it counts as missing. */
  readonly max?: number;
  /** What the column means. */
  readonly description?: string;
}

/** Metadata of a model version, the content of `<model>_v_<version>_metadata.json`. */
export interface ModelMetadata {
  /** Sampler and learner, as `Over_RandomForest`. */
  readonly model_name: string;
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
  /** Class labels in the order of their codes. */
  readonly class_labels: readonly string[];
  /** The raw columns that the ONNX graph takes. */
  readonly input_schema: readonly InputColumn[];
  /** Everything the features learned, as `src/features/` wrote it. */
  readonly feature_state: unknown;
  /** SHA-256 of the training data file. */
  readonly data_digest: string;
  /** MLflow run that made it. */
  readonly run_id: string | null;
  /** Commit of the code that made it, null outside a git checkout. */
  readonly git_commit: string | null;
  /** Versions of Deno and the packages that made it. */
  readonly package_versions: Readonly<Record<string, string>>;
  /** Statistics of each raw column on the training rows, for drift checks. */
  readonly reference_statistics: Readonly<Record<string, unknown>>;
  /** What is kept to judge later predictions; absent in files of older versions. */
  readonly reference_performance?: ReferencePredictions;
}

/** How the model did on training rows that were held out from it, as `src/drift/` wrote it. */
export interface ReferencePredictions {
  /** Calibration, expected metrics and their spread, to estimate performance without labels. */
  readonly performance: unknown;
  /** Metrics, confusion matrix and curves. */
  readonly quality: unknown;
  /** Statistics of the labels. */
  readonly target: unknown;
  /** Statistics of the predicted classes. */
  readonly prediction: unknown;
  /** Statistics of the probability of each class, by its label. */
  readonly probabilities: Readonly<Record<string, unknown>>;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Which version is the newest, the content of `latest_model.json`. */
export interface LatestModel {
  /** Sampler and learner, as `Over_RandomForest`. */
  readonly model_name: string;
  /** Its version, `YYYYMMDD_HHMMSS`. */
  readonly version: string;
  /** Path of the ONNX file, relative to the folder of `latest_model.json`. */
  readonly model_path: string;
  /** Path of the metadata, relative to the folder of `latest_model.json`. */
  readonly metadata_path: string;
}

const inputColumn: z.ZodType<InputColumn> = z.object({
  name: z.string(),
  kind: z.enum(["number", "text"]),
  required: z.boolean(),
  categories: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  description: z.string().optional(),
});

const modelMetadata: z.ZodType<ModelMetadata> = z.object({
  model_name: z.string(),
  version: z.string(),
  timestamp: z.string(),
  model_digest: z.string(),
  metrics: z.record(z.string(), z.number()),
  feature_columns: z.array(z.string()),
  class_labels: z.array(z.string()),
  input_schema: z.array(inputColumn),
  feature_state: z.unknown(),
  data_digest: z.string(),
  run_id: z.string().nullable(),
  git_commit: z.string().nullable(),
  package_versions: z.record(z.string(), z.string()),
  reference_statistics: z.record(z.string(), z.unknown()),
  reference_performance: z.object({
    performance: z.unknown(),
    quality: z.unknown(),
    target: z.unknown(),
    prediction: z.unknown(),
    probabilities: z.record(z.string(), z.unknown()),
    column_importance: z.record(z.string(), z.number()),
  }).optional(),
});

const latestModel: z.ZodType<LatestModel> = z.object({
  model_name: z.string(),
  version: z.string(),
  model_path: z.string(),
  metadata_path: z.string(),
});

/**
 * Checks the content of a metadata file.
 *
 * @throws where a field is missing or of another type.
 */
export function parseMetadata(value: unknown): ModelMetadata {
  return modelMetadata.parse(value);
}

/**
 * Checks the content of `latest_model.json`.
 *
 * @throws where a field is missing or of another type.
 */
export function parseLatest(value: unknown): LatestModel {
  return latestModel.parse(value);
}
