/** `POST /train`, `GET /train` and `GET /train/:job`. */

import { z } from "@hono/zod-openapi";
import type { Extension } from "../http/extension.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import type { TrainJobs } from "../jobs/train_jobs.ts";
import { answers, jsonContent } from "../openapi/paths.ts";

// No process takes an argument with a NUL character.
const text = z.string().max(1000).regex(/^[^\0]*$/, "a parameter holds no NUL character");
const value = z.union([text, z.number(), z.boolean()]);

/** What `POST /train` takes: parameters of the train pipeline. */
const trainRequest = z.strictObject({
  params: z.record(z.string().regex(/^[A-Za-z]\w{0,63}$/), value).default({}).openapi({
    description: "Parameters, as deno task pipeline train --help lists them",
  }),
}).openapi("Train");

/** A job. */
export const jobSchema = z.object({
  id: z.string(),
  status: z.enum(["running", "succeeded", "failed", "cancelled"]),
  params: z.record(z.string(), z.string()),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  progress: z.number().min(0).max(1),
  steps: z.array(z.object({ name: z.string(), status: z.string() })),
  metrics: z.record(z.string(), z.number()),
  error: z.string().nullable(),
}).openapi("Job");

/** The routes. */
export function trainRoutes(jobs: TrainJobs): Extension {
  const { 200: started, ...refusals } = answers(
    jobSchema,
    [400, 401, 403, 409, 413, 415, 422, 429, 503, 504],
  );
  const params = z.object({ job: z.string().openapi({ description: "Id of the job" }) });
  return {
    paths: [
      {
        method: "post",
        path: "/train",
        summary: "Train a model in a process of its own, one at a time",
        tags: ["train"],
        request: { body: { required: true, content: jsonContent(trainRequest) } },
        responses: { ...refusals, 202: { ...started, description: "Started" } },
      },
      {
        method: "get",
        path: "/train",
        summary: "The latest trainings",
        tags: ["train"],
        responses: answers(z.object({ jobs: z.array(jobSchema) }), [400, 401, 403]),
      },
      {
        method: "get",
        path: "/train/{job}",
        summary: "How far a training is",
        tags: ["train"],
        request: { params },
        responses: answers(jobSchema, [400, 401, 403, 404]),
      },
    ],
    add(app, gate) {
      app.post(
        "/train",
        gate.work("admin", async (c, ticket) => {
          const body = validBody(trainRequest, await gate.body(c, ticket), "Cannot train");
          const params = Object.fromEntries(
            Object.entries(body.params).map(([name, value]) => [name, String(value)]),
          );
          const job = await jobs.start(params);
          return c.json(job, 202, { Location: `/train/${job.id}` });
        }),
      );
      app.get("/train", gate.ask("admin", (c) => c.json({ jobs: jobs.list() })));
      app.get(
        "/train/:job",
        gate.ask("admin", (c) => {
          const id = c.req.param("job")!;
          const job = jobs.get(id);
          if (job === undefined) throw new Problem(404, `There is no job "${id}"`);
          return c.json(job);
        }),
      );
    },
  };
}
