/** What the answers about monitoring look like. */

import { z } from "@hono/zod-openapi";

const severity = z.enum(["none", "low", "medium", "high"]);
const share = z.number().nullable();

/** A line of the file of alerts. */
export const alertSchema = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  alert_type: z.string(),
  status: z.enum(["open", "worse", "resolved"]),
  severity,
  model_name: z.string(),
  model_version: z.string(),
  action_required: z.string(),
  message: z.string(),
  drift_features: z.array(z.string()).optional(),
  psi_scores: z.record(z.string(), share).optional(),
  recent_accuracy: z.number().optional(),
  expected_accuracy: z.number().optional(),
  accuracy_drop: z.number().optional(),
}).openapi("Alert");

/** An answer with alerts. */
export const alertsAnswer = z.object({ count: z.int(), alerts: z.array(alertSchema) })
  .openapi("Alerts");

/** A model as it is watched. */
export const watchedSchema = z.looseObject({
  name: z.string(),
  model_name: z.string(),
  model_version: z.string(),
  champion: z.boolean(),
  predictions: z.int(),
  labels: z.int(),
  words: z.array(z.string()).openapi({ description: "How it is, a sentence each" }),
  drift: z.looseObject({
    rows: z.int(),
    score: share.openapi({ description: "Greatest stability index of an input" }),
    columns: z.array(z.looseObject({
      column: z.string(),
      kind: z.enum(["input", "output"]),
      psi: share,
      missing: share,
      log10_odds: z.number().openapi({ description: "Evidence that it moved, how many to one" }),
    })),
  }),
}).openapi("WatchedModel");

/** An answer about one or all models. */
export const driftAnswer = z.object({
  checked_at: z.string().nullable(),
  running: z.boolean().openapi({ description: "Whether a look has not ended yet" }),
  models: z.array(watchedSchema),
}).openapi("Watched");

/** A day of a model. */
export const dayAnswer = z.object({
  days: z.array(z.object({
    day: z.string(),
    model_name: z.string(),
    model_version: z.string(),
    predictions: z.int(),
    drift_score: share,
    missing: z.number(),
    latency_p95_ms: share.openapi({ description: "The greatest of the day's windows" }),
    action_rate: share.openapi({ description: "Share at or above the threshold" }),
    labels: z.int(),
    accuracy: share,
  })),
}).openapi("Performance");

/** Latest predictions. */
export const recentAnswer = z.object({
  count: z.int(),
  predictions: z.array(z.looseObject({
    time: z.string(),
    request_id: z.string(),
    model_name: z.string(),
    model_version: z.string(),
    prediction: z.union([z.string(), z.number()]),
  })),
}).openapi("RecentPredictions");
