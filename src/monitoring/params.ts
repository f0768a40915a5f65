/** The parameters of the drift pipeline. */

import { z } from "zod";
import type { ParamsSchema } from "../pipeline/mod.ts";

/** What a drift report is made of. */
export interface DriftParams {
  /** CSV or Parquet file, or the folder of the server's prediction log. */
  readonly current: string;
  /** CSV or Parquet file; model for the statistics that came with the model. */
  readonly reference: string;
  /** Model whose columns are watched: latest, a name, a version, or none. */
  readonly model: string;
  /** Folder of the models. */
  readonly models: string;
  /** Few false alarms, or Evidently's own rules. */
  readonly preset: "calibrated" | "evidently";
  /** Severity from which on the exit code is 3. */
  readonly fail_on: "never" | "low" | "medium" | "high";
  /** Of the log, only the last 30m, 24h, 7d, …. */
  readonly since: string;
  /** Of the log, only from this moment on (ISO 8601). */
  readonly from: string;
  /** Of the log, only before this moment (ISO 8601). */
  readonly to: string;
  /** Columns that are not compared, as ID,Name. */
  readonly ignore: string;
  /** Statistics instead of the preset's, as Income:jensenshannon,psi (psi for all others). */
  readonly tests: string;
  /** Whether a classifier tests all columns together; needs rows on both sides. */
  readonly multivariate: boolean;
  /** Column of a file that tells when a row came to be. */
  readonly time: string;
  /** Seed of what is sampled. */
  readonly seed: number;
}

/** Types, defaults and descriptions, as `--help` shows them. */
export const driftParams: ParamsSchema<DriftParams> & { parse(given: unknown): DriftParams } = z
  .object({
    current: z.string().min(1).default("data/predictions")
      .describe("CSV or Parquet file, or the folder of the server's prediction log"),
    reference: z.string().min(1).default("model")
      .describe("CSV or Parquet file; model for the statistics that came with the model"),
    model: z.string().min(1).default("latest")
      .describe("Model whose columns are watched: latest, a name, a version, or none"),
    models: z.string().default("models").describe("Folder of the models"),
    preset: z.enum(["calibrated", "evidently"]).default("calibrated")
      .describe("Few false alarms, or Evidently's own rules"),
    fail_on: z.enum(["never", "low", "medium", "high"]).default("never")
      .describe("Severity from which on the exit code is 3"),
    since: z.string().default("").describe("Of the log, only the last 30m, 24h, 7d, …"),
    from: z.string().default("").describe("Of the log, only from this moment on (ISO 8601)"),
    to: z.string().default("").describe("Of the log, only before this moment (ISO 8601)"),
    ignore: z.string().default("").describe("Columns that are not compared, as ID,Name"),
    tests: z.string().default("")
      .describe(
        "Statistics instead of the preset's, as Income:jensenshannon,psi (psi for all others)",
      ),
    multivariate: z.boolean().default(false)
      .describe("Whether a classifier tests all columns together; needs rows on both sides"),
    time: z.string().default("").describe("Column of a file that tells when a row came to be"),
    seed: z.int().min(0).max(2 ** 31 - 1).default(42).describe("Seed of what is sampled"),
  });
