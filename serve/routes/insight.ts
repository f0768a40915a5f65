/** What is known of the models at work: `/metrics`, `/models/compare`, `/feedback`. */

import { z } from "@hono/zod-openapi";
import type { Config } from "../config/schema.ts";
import { rightOf } from "../http/access.ts";
import type { Extension } from "../http/extension.ts";
import { validBody } from "../http/valid.ts";
import { answers, jsonContent } from "../openapi/declare.ts";
import { metricsType } from "../observe/exposition.ts";
import {
  type MetricCounts,
  Metrics,
  type QualityFigure,
  type ScrapeState,
} from "../observe/metrics.ts";
import type { Observation } from "../observe/open_observer.ts";
import { FeedbackDesk } from "../rollout/feedback.ts";
import {
  agreementOf,
  type Judgement,
  type ModelScore,
  modelScores,
  type SideFacts,
} from "../rollout/scoreboard.ts";

/** What `POST /feedback` takes. */
const feedbackRequest = z.strictObject({
  request_id: z.string().min(1).max(140).openapi({
    description: "Id of the request; of a batch with #0, #1, … behind it",
  }),
  label: z.union([z.string().min(1).max(1000), z.number()]).openapi({
    description: "The true class, or the true number",
  }),
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/).optional().openapi({
    description: "Of a forecast the month that came to that; the first one if it is left out",
  }),
}).openapi("Feedback");

/** An answer of `POST /feedback`. */
export const feedbackAnswer = z.object({
  request_id: z.string(),
  status: z.enum(["matched", "late"]).openapi({
    description: "late: the prediction is not in memory any more; the log has both",
  }),
}).openapi("FeedbackTaken");

const score = z.object({
  model_name: z.string(),
  model_version: z.string(),
  role: z.enum(["champion", "challenger", "shadow"]),
  predictions: z.int(),
  class_shares: z.record(z.string(), z.number()),
  latency_ms: z.object({ p50: z.number(), p99: z.number() }),
  quality: z.object({
    feedback: z.int(),
  }).catchall(z.number()).nullable().openapi({
    description: "Figures of the model's task: accuracy, macro_f1 and log_loss, or rmse, mae, bias",
  }),
}).openapi("ModelScore");

/** An answer of `GET /models/compare`. */
export const compareAnswer = z.object({
  mode: z.enum(["live", "shadow"]).nullable(),
  share: z.number().nullable(),
  agreement: z.object({
    compared: z.int(),
    agreed: z.int(),
    share: z.number().nullable(),
  }).nullable().openapi({ description: "Only a shadow predicts what the champion predicts" }),
  models: z.array(score),
}).openapi("Comparison");

/** A thread that predicts, and what it knows. */
export interface Informant {
  /** What it counted. */
  counts(): Promise<MetricCounts>;
  /** What it knows of each model. */
  sides(): Promise<SideFacts[]>;
  /** Takes what turned out to be true of one of its predictions; see `Scoreboard.judge`. */
  judge(id: string, label: string | number, part?: string): Promise<Judgement>;
}

/** What this thread knows. */
export function informantOf({ observer, metrics, scoreboard }: Observation): Informant {
  const settled = <T>(ask: () => T) => {
    observer.settle();
    return Promise.resolve(ask());
  };
  return {
    counts: () => settled(() => metrics.counts()),
    sides: () => settled(() => scoreboard.sides()),
    judge: (id, label, part) => settled(() => scoreboard.judge(id, label, part)),
  };
}

/** What the routes need. */
export interface InsightOptions {
  readonly config: Config;
  readonly observation: Observation;
  /** Other threads that predict. */
  readonly others: readonly Informant[];
  /** When the process started, and how busy it is. */
  readonly process: () => Pick<ScrapeState, "startedAt" | "inFlight">;
}

/** The routes. */
export function insightRoutes(
  { config, observation, others, process }: InsightOptions,
): Extension {
  const { observer, metrics } = observation;
  const all = [informantOf(observation), ...others];
  const sides = async () => (await Promise.all(all.map((one) => one.sides()))).flat();
  const feedback = new FeedbackDesk({
    judge: (id, label, part) => Promise.all(all.map((one) => one.judge(id, label, part))),
    folder: config.predictionLog,
    log: (record) => observer.feedback(record),
    count: (result) => void metrics.feedback.of(result).value++,
  });
  return {
    paths: [
      {
        method: "get",
        path: "/metrics",
        summary: "Metrics for Prometheus",
        tags: ["server"],
        responses: {
          200: { description: "Done", content: { "text/plain": { schema: z.string() } } },
        },
      },
      {
        method: "get",
        path: "/models/compare",
        summary: "How champion and challenger do: classes, latency, agreement, quality",
        tags: ["models"],
        responses: answers(compareAnswer, [400, 401]),
      },
      {
        method: "post",
        path: "/feedback",
        summary: "Tell what turned out to be true of an earlier prediction",
        tags: ["predict"],
        request: { body: { required: true, content: jsonContent(feedbackRequest) } },
        responses: answers(feedbackAnswer, [400, 401, 404, 408, 413, 415, 422, 429, 503, 504]),
      },
    ],
    add(app, gate, slots) {
      app.get(
        "/metrics",
        gate.ask(rightOf("metrics", config.protect), async () => {
          const models = slots.all.flatMap(({ role, current }) =>
            current === undefined
              ? []
              : [{ role, name: current.name, version: current.version, source: current.source }]
          );
          const counts = await Promise.all(all.map((one) => one.counts()));
          const quality = figuresOf(modelScores(await sides()));
          const metadata = slots.all.flatMap(({ current }) => current?.metadata ?? []);
          const text = Metrics.text(counts, { ...process(), models, quality, metadata });
          return new Response(text, { headers: { "Content-Type": metricsType } });
        }),
      );
      app.get(
        "/models/compare",
        gate.ask("predict", async (c) => {
          const { challenger } = slots;
          const shadow = challenger?.role === "shadow";
          const version = challenger?.current?.version;
          const known = await sides();
          const answer: z.output<typeof compareAnswer> = {
            mode: challenger === undefined ? null : shadow ? "shadow" : "live",
            share: challenger === undefined ? null : config.challengerShare,
            agreement: shadow && version !== undefined ? agreementOf(known, version) : null,
            models: modelScores(known),
          };
          return c.json(answer);
        }),
      );
      app.post(
        "/feedback",
        gate.work("predict", async (c, ticket) => {
          const body = await gate.body(c, ticket);
          const { request_id, label, month } = validBody(
            feedbackRequest,
            body,
            "Cannot take the feedback",
          );
          const { task, metadata } = slots.model();
          const status = await feedback.take(
            request_id,
            label,
            (label) => task.truth(label, metadata.class_labels),
            month,
          );
          return c.json({ request_id, status } satisfies z.output<typeof feedbackAnswer>);
        }),
      );
    },
  };
}

function figuresOf(scores: readonly ModelScore[]): QualityFigure[] {
  return scores.flatMap(({ role, model_name, model_version, quality }) => {
    if (quality === null) return [];
    const { feedback: _, ...figures } = quality;
    return Object.entries(figures).map(([metric, value]) => ({
      ...{ role, name: model_name, version: model_version, metric, value },
    }));
  });
}
