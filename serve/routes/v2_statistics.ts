/** What each model did so far, as the statistics extension of the Open Inference Protocol tells it. */

import { z } from "@hono/zod-openapi";
import type { Extension } from "../http/extension.ts";
import { Metrics, type ModelStatistics } from "../observe/metrics.ts";
import { v2Answers } from "../openapi/declare.ts";
import type { Informant } from "./insight.ts";

const duration = z.object({ count: z.int().min(0), ns: z.int().min(0) });

/** An answer of `GET /v2/models/<name>/stats`. */
export const statisticsAnswer = z.object({
  model_stats: z.array(z.object({
    name: z.string(),
    version: z.string(),
    last_inference: z.int().min(0).openapi({
      description: "Milliseconds since 1970; 0 where there was none",
    }),
    inference_count: z.int().min(0),
    inference_stats: z.object({
      success: duration,
      fail: z.object({ count: z.int().min(0) }),
      queue: duration,
      compute_infer: duration,
      compute_output: duration,
    }),
  })),
}).openapi("InferenceStatistics");

const prefixes = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];

/** The routes; `all` are the threads that predict. */
export function statisticsRoutes(all: readonly Informant[]): Extension {
  const route = (path: string, params?: z.ZodObject) => ({
    method: "get" as const,
    path: `${path}/stats`,
    summary: "How often and how fast it predicted since the start",
    tags: ["open inference protocol"],
    ...(params && { request: { params } }),
    responses: v2Answers(statisticsAnswer, [400, 401, ...(params ? [404] : []), 429]),
  });
  const model = z.string().openapi({ description: "Name of the model" });
  const version = z.string().openapi({ description: "Its version" });
  return {
    paths: [
      route("/v2/models"),
      route(prefixes[0], z.object({ model })),
      route(prefixes[1], z.object({ model, version })),
    ],
    add(app, gate, slots) {
      const statistics = async () =>
        Metrics.statistics(await Promise.all(all.map((one) => one.counts())));
      app.get(
        "/v2/models/stats",
        gate.ask("predict", async (c) => {
          const known = await statistics();
          const served = slots.all.flatMap(({ current }) => current ?? []);
          const told = served.map(({ name, version }) => described(known, name, version));
          return c.json({ model_stats: told } satisfies z.output<typeof statisticsAnswer>);
        }),
      );
      for (const prefix of prefixes) {
        app.get(
          `${prefix.replaceAll(/\{(\w+)\}/g, ":$1")}/stats`,
          gate.ask("predict", async (c) => {
            const { name, version } = slots.model(c.req.param("model"), c.req.param("version"));
            const told = described(await statistics(), name, version);
            return c.json({ model_stats: [told] } satisfies z.output<typeof statisticsAnswer>);
          }),
        );
      }
    },
  };
}

function described(known: readonly ModelStatistics[], name: string, version: string) {
  const own = known.find((one) => one.name === name && one.version === version);
  const stage = (stage: string) => {
    const { count, seconds } = own?.stages[stage] ?? { count: 0, seconds: 0 };
    return { count, ns: Math.round(seconds * 1e9) };
  };
  return {
    name,
    version,
    last_inference: own?.latest ? Date.parse(own.latest) : 0,
    inference_count: stage("total").count,
    inference_stats: {
      success: stage("total"),
      fail: { count: own?.failed ?? 0 },
      queue: stage("queue"),
      compute_infer: stage("inference"),
      compute_output: stage("serialise"),
    },
  };
}
