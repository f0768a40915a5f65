/** Every route of the prediction path, declared for the documentation. */

import { type RouteConfig, z } from "@hono/zod-openapi";
import { answers, jsonContent, type Schema, v2Answers, work } from "./declare.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import { tasks } from "../predict/answers/tasks.ts";
import { inferRequest } from "./v2_request.ts";
import {
  batchSchema,
  healthSchema,
  loadRequest,
  modelListSchema,
  recordList,
  slotSchema,
  v2AnswerSchema,
  v2ModelSchema,
  versionSchema,
} from "./schemas.ts";

/** Both are what the model's metadata make them; see `document.ts`. */
const record = { $ref: "#/components/schemas/Record" };
const answer = { $ref: "#/components/schemas/Answer" };
const asked = z.object({
  model: z.string().optional().openapi({
    description: "A model beside the one that answers: its name, reference or name_v_version",
  }),
});
const byName = z.object({
  model: z.string().openapi({ description: "Its name, reference or name_v_version" }),
});
/** Of another model than the one that is described here. */
const otherRecord = { type: "object", description: "A raw record of that model" };
const otherRecords = {
  ...recordList,
  properties: { records: { type: "array", minItems: 1, items: otherRecord } },
};
const anyAnswer = { type: "object", description: "As POST /predict answers" };
const routing = z.object({
  "X-Routing-Key": z.string().optional().openapi({
    description: "Keeps a customer with one model; goes before the field of the record",
  }),
});

const get = (
  path: string,
  summary: string,
  responses: RouteConfig["responses"],
  more: Partial<RouteConfig> = {},
): RouteConfig => ({ method: "get", path, summary, responses, tags: ["server"], ...more });

const post = (
  path: string,
  summary: string,
  body: Schema | undefined,
  responses: RouteConfig["responses"],
  more: Partial<RouteConfig> = {},
): RouteConfig => ({
  method: "post",
  path,
  summary,
  responses,
  ...more,
  request: {
    ...more.request,
    ...(body && { body: { required: true, content: jsonContent(body) } }),
  },
});

const predicting = {
  tags: ["predict"],
  request: { query: asked, headers: routing },
};
const administering = { tags: ["models"] };

const v2 = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"].flatMap((path, at) => {
  const params = z.object({
    model: z.string().openapi({ description: "Name of the model" }),
    ...(at === 1 && { version: z.string().openapi({ description: "Its version" }) }),
  });
  const named = { tags: ["open inference protocol"], request: { params } };
  const ready = z.object({ name: z.string(), ready: z.boolean() });
  return [
    get(path, "The model's inputs and outputs", v2Answers(v2ModelSchema, [400, 401, 404]), named),
    get(`${path}/ready`, "Whether it is loaded", v2Answers(ready, [400, 401, 404]), named),
    post(
      `${path}/infer`,
      "Predict columns",
      inferRequest,
      v2Answers(v2AnswerSchema, [...work, 404]),
      named,
    ),
  ];
});

const protocol = { tags: ["open inference protocol"] };

/** A model by its name, as far as a record of it and its answer can be told. */
export function namedModelPath(
  { model_name, task }: ModelMetadata,
  record: Readonly<Record<string, unknown>>,
): RouteConfig {
  return post(
    `/predict/${model_name}`,
    `Predict one raw record by ${model_name}`,
    record,
    answers(tasks[task.kind].answer, [...work, 404]),
    { tags: ["predict"], request: { headers: routing } },
  );
}

/** The routes. */
export const paths: readonly RouteConfig[] = [
  post(
    "/predict",
    "Predict one raw record",
    record,
    answers(answer, [...work, 404]),
    predicting,
  ),
  post(
    "/predict/batch",
    "Predict many raw records, all or none",
    recordList,
    answers(batchSchema(answer), [...work, 404]),
    predicting,
  ),
  ...["/predict/{model}", "/predict/{model}/batch"].map((path, at) =>
    post(
      path,
      at === 0 ? "Predict one raw record by a model" : "Predict many raw records by a model",
      at === 0 ? otherRecord : otherRecords,
      answers(at === 0 ? anyAnswer : batchSchema(anyAnswer), [...work, 404]),
      { tags: ["predict"], request: { params: byName, headers: routing } },
    )
  ),
  get(
    "/model/info",
    "The model's metadata",
    answers(z.looseObject({}), [400, 401, 404, 429, 503, 504]),
    {
      tags: ["models"],
      request: { query: asked },
    },
  ),
  get(
    "/models/list",
    "Models that are served, and that could be",
    answers(modelListSchema, [400, 401]),
    {
      tags: ["models"],
    },
  ),
  post(
    "/model/load",
    "Serve another version; one that was just replaced is back at once",
    loadRequest,
    answers(slotSchema, [...work, 403, 409]),
    administering,
  ),
  post(
    "/model/reload",
    "Look again what is to be served, and load it anew",
    undefined,
    answers(z.object({ models: z.array(slotSchema) }), [400, 401, 403, 409, 429, 504]),
    administering,
  ),
  get("/", "What this is", answers(z.looseObject({ name: z.string() }))),
  get("/health", "How the server and its models are", answers(healthSchema)),
  get("/livez", "Whether the process lives", answers(z.object({ status: z.string() }))),
  get("/readyz", "Whether it can predict", answers(z.object({ status: z.string() }), [400, 503])),
  get("/version", "What made the model", answers(versionSchema, [400, 503])),
  get("/v2", "The server", v2Answers(z.looseObject({ name: z.string() })), protocol),
  get("/v2/health/live", "Alive", v2Answers(z.object({ live: z.boolean() })), protocol),
  get(
    "/v2/health/ready",
    "Ready",
    v2Answers(z.object({ ready: z.boolean(), live: z.boolean() }), [400, 503]),
    protocol,
  ),
  ...v2,
];
