/** What is written beside a model: enough to serve it, explain it and watch it. */

import { z } from "zod";

/** One raw input column of a model, as its users and its server see it. */
const inputColumn = z.object({
  name: z.string(),
  kind: z.enum(["number", "text"]),
  required: z.boolean(),
  /** The texts that training knew, where the column holds categories. */
  categories: z.array(z.string()).readonly().optional(),
  /** Smallest and largest number that is believed; others count as missing. */
  min: z.number().optional(),
  max: z.number().optional(),
  description: z.string().optional(),
});

/** Metadata of a model version, the content of `<model>_v_<version>_metadata.json`. */
export const modelMetadataSchema = z.object({
  /** Sampler and learner, as `Over_RandomForest`. */
  model_name: z.string(),
  /** When it was made, `YYYYMMDD_HHMMSS`, local time; unique within a folder. */
  version: z.string(),
  /** The same moment in ISO 8601. */
  timestamp: z.string(),
  /** SHA-256 of the ONNX file. */
  model_digest: z.string(),
  /** Cross-validated metrics by name. */
  metrics: z.record(z.string(), z.number()),
  /** Names of the encoded features in the order the trees read them. */
  feature_columns: z.array(z.string()),
  /** Class labels in the order of their codes. */
  class_labels: z.array(z.string()),
  /** The raw columns that the ONNX graph takes. */
  input_schema: z.array(inputColumn),
  /** Everything the features learned, as `src/features/` wrote it. */
  feature_state: z.unknown(),
  /** SHA-256 of the training data file. */
  data_digest: z.string(),
  /** MLflow run that made it. */
  run_id: z.string().nullable(),
  /** Commit of the code that made it, null outside a git checkout. */
  git_commit: z.string().nullable(),
  /** Versions of Deno and the packages that made it. */
  package_versions: z.record(z.string(), z.string()),
  /** Statistics of each raw column on the training rows, for drift checks. */
  reference_statistics: z.record(z.string(), z.unknown()),
});

/** Metadata of a model version; see {@link modelMetadataSchema} for each field. */
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** Which version is the newest, the content of `latest_model.json`. */
export const latestModelSchema = z.object({
  model_name: z.string(),
  version: z.string(),
  /** Path of the ONNX file, relative to the folder of `latest_model.json`. */
  model_path: z.string(),
  /** Path of the metadata, relative to the folder of `latest_model.json`. */
  metadata_path: z.string(),
});

/** Which version is the newest; see {@link latestModelSchema}. */
export type LatestModel = z.infer<typeof latestModelSchema>;
