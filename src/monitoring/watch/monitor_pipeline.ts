/** A look at the prediction log, wired into a pipeline. */

import { z } from "zod";
import type { Builder, ParamsSchema } from "../../pipeline/mod.ts";
import { hasPredictions } from "../../prediction_log/mod.ts";
import { openChannels } from "../deliver/deliver.ts";
import { GivingWay } from "./giving_way.ts";
import { monitorPass } from "./pass.ts";

/** What is looked at, and what counts. */
export interface MonitorParams {
  /** Folder of the server's prediction log. */
  readonly log: string;
  /** Folder of the models. */
  readonly models: string;
  /** Length of a window in minutes. */
  readonly window_minutes: number;
  /** Latest rows that are judged together. */
  readonly recent_rows: number;
  /** Milliseconds that 95 of 100 predictions of a window may take. */
  readonly max_latency_ms: number;
  /** Least predictions of the champion in a window; 0 for any number. */
  readonly min_rows: number;
  /** File whose texts those of the log are held against by a sentence encoder; empty for none. */
  readonly texts: string;
  /** Whether it works in turns while others are busy. */
  readonly give_way: boolean;
}

/** Types, defaults and descriptions, as `--help` shows them. */
export const monitorParams: ParamsSchema<MonitorParams> = z.object({
  log: z.string().min(1).default("data/predictions").describe("Folder of the prediction log"),
  models: z.string().min(1).default("models").describe("Folder of the models"),
  window_minutes: z.int().min(1).max(10_080).default(60).describe("Length of a window in minutes"),
  recent_rows: z.int().min(100).max(1_000_000)
    .default(() => Number(Deno.env.get("DRIFT_DETECTION_WINDOW") || 1000))
    .describe("Latest rows that are judged together; DRIFT_DETECTION_WINDOW, or 1000"),
  max_latency_ms: z.number().positive().default(1000)
    .describe("Milliseconds that 95 of 100 predictions of a window may take"),
  min_rows: z.int().min(0).default(0)
    .describe("Least predictions of the champion in a window; 0 for any number"),
  texts: z.string().default(() => Deno.env.get("MONITOR_TEXTS") ?? "")
    .describe(
      "CSV or Parquet file with the models' columns, whose texts those of the log are held " +
        "against by a sentence encoder; MONITOR_TEXTS, or none",
    ),
  give_way: z.boolean().default(false)
    .describe("Whether it works in turns while others are busy"),
});

/**
 * Wires a look at the prediction log into a pipeline: what is new is taken in,
 * judged, and told by the channels that the environment sets up.
 *
 * Give the pipeline `cache: false`: the log grows while nobody looks.
 *
 * @example
 * ```ts ignore
 * export default pipeline("monitor", { params: monitorParams, cache: false }, (builder) =>
 *   monitorSteps(builder));
 * ```
 */
export function monitorSteps({ step, params }: Builder<MonitorParams>): void {
  step("look", {}, async (_, { log: say, warn, metric, run, signal }) => {
    const channels = await openChannels((name) => Deno.env.get(name));
    const { log, models, window_minutes, recent_rows, max_latency_ms, min_rows, texts } = params;
    const result = await monitorPass({
      ...{ log, models, channels, warn, signal, now: run.startedAt },
      ...{ windowMs: 60_000 * window_minutes, recentRows: recent_rows },
      limits: { maxLatencyMs: max_latency_ms, minRows: min_rows },
      texts: texts === "" ? undefined : { reference: texts },
      giveWay: params.give_way ? new GivingWay() : undefined,
    });
    if (result.models.length === 0 && !await hasPredictions(log)) {
      say(
        `There are no predictions in ${log} yet: start a server with deno task serve, ` +
          "and send it a record, as with the example that its page /docs shows",
      );
    }
    metric("new_predictions", result.predictions);
    metric("new_labels", result.labels);
    metric("alerts", result.alerts.length);
    for (const { model_name, model_version, words } of result.models) {
      say(`${model_name} ${model_version}: ${words.join(". ")}`);
    }
    for (const { status, severity, alert_type, message } of result.alerts) {
      say(`Alert (${status}, ${severity}): ${alert_type}: ${message}`);
    }
  });
}
