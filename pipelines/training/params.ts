/** The parameters of the train pipeline. */

import { z } from "zod";
import { defaultDataPath } from "../credit_score/load_data.ts";
import { combinationNames } from "./combination.ts";

/** Types, defaults and descriptions, as `--help` shows them. */
export const trainParams = z.object({
  data: z.string().default(defaultDataPath)
    .describe("CSV or Parquet file; the default one is generated where it is missing"),
  models: z.string().default("models").describe("Folder for the exported model"),
  folds: z.int().min(2).max(100).default(5).describe("Folds of the cross-validation"),
  seed: z.int().min(0).max(2 ** 31 - 1).default(42).describe("Seed of everything random"),
  trees: z.int().min(1).max(10_000).default(100).describe("Trees of a random forest"),
  rounds: z.int().min(1).max(10_000).default(100).describe("Rounds of gradient boosting"),
  combinations: z.array(z.enum(combinationNames)).min(1).default([...combinationNames]).describe(
    "What to compare",
  ),
  experiment: z.string().min(1).default("credit-score-training").describe("MLflow experiment"),
  tracking: z.string().default(() => Deno.env.get("MLFLOW_TRACKING_URI") ?? "")
    .describe("MLflow server or folder; MLFLOW_TRACKING_URI, or ./mlruns where it is not set"),
});
