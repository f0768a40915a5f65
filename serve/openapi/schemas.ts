/** What the server answers, declared once for the documentation. */

import { z } from "@hono/zod-openapi";

const moment = z.iso.datetime();

/** A refusal, RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  request_id: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
}).openapi("Problem");

/** A refusal below `/v2`. */
export const v2ErrorSchema = z.object({ error: z.string() }).openapi("InferenceError");

/** What takes many records. */
export const recordList = {
  type: "object",
  properties: {
    records: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/Record" } },
  },
  required: ["records"],
  additionalProperties: false,
};

/** An answer of `POST /predict/batch`: one of `answer` for each record. */
export function batchSchema(answer: unknown) {
  return {
    type: "object",
    properties: {
      request_id: { type: "string" },
      count: { type: "integer", minimum: 1 },
      predictions: { type: "array", items: answer },
    },
    required: ["request_id", "count", "predictions"],
  };
}

const briefModel = z.object({
  name: z.string(),
  version: z.string(),
  source: z.string(),
  loaded_at: moment,
}).nullable();

/** How a place for a model is. */
export const slotSchema = z.object({
  role: z.enum(["champion", "challenger", "shadow"]),
  reference: z.string(),
  loaded: briefModel,
  previous: briefModel,
  failure: z.object({ reference: z.string(), reason: z.string(), time: moment }).nullable(),
  resting: z.boolean().openapi({ description: "Loaded as soon as somebody asks for it" }),
  megabytes: z.number().openapi({ description: "Size of the files of both versions, MiB" }),
}).openapi("Slot");

/** What `POST /model/load` takes. */
export const loadRequest = z.strictObject({
  version: z.string().min(1).max(200).describe(
    "latest, a version, a name, or models:/NAME@ALIAS of an MLflow registry",
  ),
  role: z.enum(["champion", "challenger"]).default("champion"),
});

/** An answer of `GET /health`. */
export const healthSchema = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]).openapi({
    description: "Where --protect names health, all else wants a key",
  }),
  model_loaded: z.boolean().optional(),
  stopping: z.boolean().optional(),
  uptime_seconds: z.int().optional(),
  admin_closed: z.string().nullable().optional(),
  troubles: z.array(z.string()).optional().openapi({
    description: "Why lines of the prediction log wait, or Redis is away",
  }),
  models: z.array(slotSchema).optional(),
}).openapi("Health");

/** An answer of `GET /version`. */
export const versionSchema = z.object({
  server_version: z.string(),
  model_name: z.string(),
  model_version: z.string(),
  run_id: z.string().nullable(),
  threshold: z.number().nullable().openapi({
    description: "Probability from which to act, as deployed or as the model says; " +
      "the server's own THRESHOLD goes before it",
  }),
  deployment: z.looseObject({
    run_id: z.string().nullable(),
    since: z.string(),
    by: z.string(),
    why: z.string(),
  }).nullable().openapi({ description: "How the alias that led here deploys the model" }),
  git_commit: z.string().nullable(),
  data_digest: z.string(),
  model_digest: z.string(),
}).openapi("Version");

/** An answer of `GET /models/list`. */
export const modelListSchema = z.object({
  serving: z.array(slotSchema),
  names: z.array(z.string()).openapi({
    description: "Models that have a newest version of their own",
  }),
  available: z.array(z.object({ model_name: z.string(), version: z.string() })),
}).openapi("Models");

const tensorMetadata = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()),
});

/** An answer of `GET /v2/models/<name>`. */
export const v2ModelSchema = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
}).openapi("InferenceModel");

/** An answer of `POST /v2/models/<name>/infer`. */
export const v2AnswerSchema = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string(),
  outputs: z.array(z.object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int()),
    data: z.array(z.union([z.string(), z.number()])),
  })),
}).openapi("InferenceAnswer");
