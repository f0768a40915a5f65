/** The parameters of a training. */

import { z } from "zod";
import type { ParamsSchema } from "../pipeline/mod.ts";

const common = {
  data: z.string().default("data/raw/train.csv").describe("CSV or Parquet file"),
  models: z.string().default("models").describe("Folder for the exported model"),
  reports: z.string().default("reports").describe("Folder for the report"),
  folds: z.int().min(2).max(100).default(5).describe("Folds of the cross-validation"),
  seed: z.int().min(0).max(2 ** 31 - 1).default(42).describe("Seed of everything random"),
};
const tracked = {
  experiment: z.string().min(1).default("training").describe("MLflow experiment"),
  tracking: z.string().default(() =>
    /* @__FOLLOWED__: as a parameter */ Deno.env.get("MLFLOW_TRACKING_URI") ?? ""
  )
    .describe("MLflow server or folder; MLFLOW_TRACKING_URI, or ./mlruns where it is not set"),
};

/** Defaults of the parameters that every training has. */
export interface TrainingDefaults {
  /** Path of the data. */
  readonly data?: string;
  /** What `--help` says of the data. */
  readonly about?: string;
  /** MLflow experiment. */
  readonly experiment?: string;
  /** Folds of the cross-validation. */
  readonly folds?: number;
}

/** The parameters that every training has. */
export interface CommonParams {
  /** Path of the data. */
  readonly data: string;
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the reports. */
  readonly reports: string;
  /** Folds of the cross-validation. */
  readonly folds: number;
  /** Seed of everything random. */
  readonly seed: number;
  /** MLflow experiment. */
  readonly experiment: string;
  /** MLflow server or folder; empty for `./mlruns`. */
  readonly tracking: string;
}

/** Parameters of a training's own, each a zod schema. */
export type OwnSchemas = Readonly<Record<string, { parse(value: unknown): unknown }>>;

/** The values of a training's parameters: its own, and those that all have. */
export type ParamsWith<Own extends OwnSchemas> =
  & { readonly [Name in keyof Own]: ReturnType<Own[Name]["parse"]> }
  & CommonParams;

/**
 * The parameters of a training: those that all have, and its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { z } from "zod";
 * const params = trainingParams({ rate: z.number().default(0.05) }, { data: "loans.csv" });
 * const { success } = params.safeParse({ rate: 0.1 });
 * assertEquals([success, Object.keys(params.shape).includes("rate")], [true, true]);
 * ```
 */
export function trainingParams<Own extends OwnSchemas = Record<never, never>>(
  own: Own = {} as Own,
  { data, about, experiment, folds }: TrainingDefaults = {},
): ParamsSchema<ParamsWith<Own>> {
  const described = about === undefined ? common.data : common.data.describe(about);
  const shape = {
    ...common,
    data: data === undefined
      ? described
      : described.default(data).describe(about ?? "CSV or Parquet file"),
    folds: folds === undefined
      ? common.folds
      : common.folds.default(folds).describe("Folds of the cross-validation"),
    ...own,
    ...tracked,
    experiment: experiment === undefined
      ? tracked.experiment
      : tracked.experiment.default(experiment).describe("MLflow experiment"),
  };
  return z.object(shape as unknown as z.ZodRawShape) as unknown as ParamsSchema<ParamsWith<Own>>;
}
