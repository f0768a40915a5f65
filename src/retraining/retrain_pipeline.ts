/** A retraining, wired into a pipeline. */

import { z } from "zod";
import type { Builder, ParamsSchema } from "../pipeline/mod.ts";
import { readSecret, UserError } from "../base/mod.ts";
import { latestBundle, namedModels, nameOf } from "../registry/mod.ts";
import { openTracker } from "../tracking/mod.ts";
import { trackDecisions } from "./decision_run.ts";
import { retrain } from "./retrain.ts";

/** What is to be trained again, and when. */
export interface RetrainParams {
  /** Name of the model in the registry, or `all`. */
  readonly model: string;
  /** Folder of the server's prediction log. */
  readonly log: string;
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the rows that are joined. */
  readonly data: string;
  /** What becomes of a new model that is better. */
  readonly then: "challenger" | "champion";
  /** Train though nothing has changed. */
  readonly force: boolean;
  /** Whether models are trained again at all. */
  readonly enabled: boolean;
  /** Level at which the evidence must stand that an input moved. */
  readonly drift_threshold: number;
  /** By how much the share of right answers must be lower than in training. */
  readonly accuracy_drop: number;
  /** New labelled predictions that are needed. */
  readonly min_new_rows: number;
}

/** Each model of the folder. */
const ALL = "all";

const setting = (name: string, usual: number) => () => Number(Deno.env.get(name) || usual);

/** Types, defaults and descriptions, as `--help` shows them. */
export const retrainParams: ParamsSchema<RetrainParams> = z.object({
  model: z.string().min(1).default(ALL).describe(
    "Name of the model in the registry; all, those of the folder one after the other",
  ),
  log: z.string().min(1).default("data/predictions").describe("Folder of the prediction log"),
  models: z.string().min(1).default("models").describe("Folder of the models"),
  data: z.string().min(1).default("data/retraining").describe("Folder of the rows that are joined"),
  then: z.enum(["challenger", "champion"]).default("challenger")
    .describe("What becomes of a new model that is better: it is tried first, or answers at once"),
  force: z.boolean().default(false).describe("Train though nothing has changed"),
  enabled: z.boolean().default(() =>
    !/^(0|false|off|no)$/i.test(Deno.env.get("AUTO_RETRAIN_ENABLED") ?? "")
  )
    .describe("Whether models are trained again at all; AUTO_RETRAIN_ENABLED"),
  drift_threshold: z.number().gt(0).lt(1).default(setting("DRIFT_THRESHOLD", 0.05))
    .describe("Level at which the evidence must stand that an input moved; DRIFT_THRESHOLD"),
  accuracy_drop: z.number().gt(0).lt(1).default(0.1)
    .describe("By how much the share of right answers must be lower than in training"),
  min_new_rows: z.int().min(20).default(setting("MIN_NEW_DATA_THRESHOLD", 100))
    .describe("New labelled predictions that are needed; MIN_NEW_DATA_THRESHOLD"),
});

/** Last lines of a training that failed. */
const LINES = 5;

/**
 * Wires a retraining into a pipeline: its decision and reasons are added to the history.
 *
 * @example
 * ```ts ignore
 * export default pipeline("retrain", { params: retrainParams, cache: false }, (builder) =>
 *   retrainSteps(builder));
 * ```
 */
export function retrainSteps({ step, params }: Builder<RetrainParams>): void {
  step("retrain", {}, async (_, { log: say, warn, metric, run, signal }) => {
    const { log, models } = params;
    let moved = 0;
    const retrainOne = async (model: string) => {
      const { decision, reasons } = await decide(model);
      if (decision === "challenger" || decision === "promoted") moved++;
      say(`${model}: ${decision}. ${reasons.join(". ")}`);
      await trackDecisions(
        log,
        model,
        () =>
          openTracker({
            uri: Deno.env.get("MLFLOW_TRACKING_URI"),
            source: { name: "pipelines/retrain.ts" },
            onWarning: warn,
          }),
        warn,
      );
    };
    const { data, then, force } = params;
    const secret = await secretOf();
    const decide = (model: string) =>
      retrain({
        ...{
          model,
          log,
          models,
          data,
          then,
          say,
          signal,
          asked: force,
          now: run.startedAt,
          secret,
        },
        rules: {
          enabled: params.enabled,
          driftThreshold: params.drift_threshold,
          accuracyDrop: params.accuracy_drop,
          leastNewRows: params.min_new_rows,
        },
        train: (pipeline, given) => runPipeline(pipeline, given, signal),
      });
    if (params.model !== ALL) await retrainOne(params.model);
    else {
      for (const model of await modelsIn(models)) {
        signal.throwIfAborted();
        try {
          await retrainOne(model);
        } catch (error) {
          // The others are no worse for one that cannot be trained again.
          if (!(error instanceof UserError)) throw error;
          warn(`${model}: ${error.message}`);
        }
      }
    }
    metric("moved", moved);
  });
}

/** Names of the models of a folder. */
async function modelsIn(folder: string): Promise<string[]> {
  const named = await namedModels(folder);
  if (named.length > 0) return named;
  return [nameOf((await latestBundle(folder)).metadata)];
}

/** Key of the log's digests, as the server reads it. */
async function secretOf(): Promise<string | undefined> {
  const file = Deno.env.get("REDACT_KEY_FILE");
  const text = file ? `file:${file}` : Deno.env.get("REDACT_KEY");
  return text && (await readSecret(text, "REDACT_KEY")).trim() || undefined;
}

/** Runs a pipeline as `deno task pipeline` does; how it failed, undefined if it did not. */
async function runPipeline(
  name: string,
  params: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined)
    .flatMap(([key, value]) => [
      "--param",
      `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`,
    ]);
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "pipeline", name, ...given],
    ...{ stdin: "null", stdout: "null", stderr: "piped", signal },
    env: { REDACT_KEY: "", REDACT_KEY_FILE: "" }, // no training needs it
  }).output();
  if (success) return undefined;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  return lines.slice(-LINES).join(" ").slice(0, 500);
}
