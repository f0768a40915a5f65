/** `POST /retrain/trigger` and `GET /retrain/history`, below `/mlops/api` too. */

import { z } from "@hono/zod-openapi";
import { resolve } from "@std/path";
import { nameOf } from "../../src/registry/mod.ts";
import { readHistory } from "../../src/monitor_files/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Extension } from "../http/extension.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import type { TrainJobs } from "../jobs/train_jobs.ts";
import { answers, jsonContent } from "../openapi/declare.ts";
import { jobSchema } from "./train.ts";

const modelName = z.string().min(1).max(200);

/** What the trigger takes: a wish, or what Alertmanager posts. */
const triggerRequest = z.looseObject({
  model: modelName.optional().openapi({
    description: "The model to judge, as /predict?model= names it; else the champion",
  }),
  force: z.boolean().optional().openapi({ description: "Train though nothing has changed" }),
  alerts: z.array(z.looseObject({
    labels: z.looseObject({ model: modelName.optional() }).optional(),
  })).optional().openapi({
    description: "As Alertmanager's webhook has it; the first model counts",
  }),
}).openapi("RetrainTrigger");

const historyAnswer = z.object({
  history: z.array(z.looseObject({
    timestamp: z.string(),
    model: z.string(),
    decision: z.enum(["waits", "failed", "rejected", "challenger", "promoted", "dropped"]),
    reasons: z.array(z.string()),
  })),
}).openapi("RetrainHistory");

/** Decisions that are told. */
const MOST_TOLD = 200;

/** The routes. */
export function retrainRoutes(
  jobs: TrainJobs,
  { predictionLog, modelsFolder }: Pick<Config, "predictionLog" | "modelsFolder">,
): Extension {
  const { 200: started, ...refusals } = answers(
    jobSchema,
    [400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503, 504],
  );
  const prefixes = ["", "/mlops/api"];
  return {
    paths: prefixes.flatMap((prefix) => [
      {
        method: "post" as const,
        path: `${prefix}/retrain/trigger`,
        summary: "Judge a model now, and train it again where its rules ask for it",
        tags: ["train"],
        request: { body: { required: true, content: jsonContent(triggerRequest) } },
        responses: { ...refusals, 202: { ...started, description: "Started" } },
      },
      {
        method: "get" as const,
        path: `${prefix}/retrain/history`,
        summary: "What was decided about models, the latest first",
        tags: ["train"],
        responses: answers(historyAnswer, [400, 401]),
      },
    ]),
    add(app, gate, slots) {
      const trigger = gate.work("admin", async (c, ticket) => {
        const body = validBody(triggerRequest, await gate.body(c, ticket), "Cannot retrain");
        if (predictionLog === "") {
          throw new Problem(409, "Cannot retrain: there is no prediction log to learn from");
        }
        const named = body.model ??
          body.alerts?.map(({ labels }) => labels?.model).find((model) => model !== undefined);
        const { metadata } = slots.model(named);
        const job = await jobs.start("retrain", {
          model: nameOf(metadata),
          log: resolve(predictionLog),
          models: resolve(modelsFolder),
          ...body.force && { force: "true" },
        });
        return c.json(job, 202, { Location: `/train/${job.id}` });
      });
      const history = gate.ask("predict", async (c) => {
        const all = predictionLog === "" ? [] : await readHistory(predictionLog);
        return c.json({ history: all.slice(-MOST_TOLD).toReversed() });
      });
      for (const prefix of prefixes) {
        app.post(`${prefix}/retrain/trigger`, trigger);
        app.get(`${prefix}/retrain/history`, history);
      }
    },
  };
}
