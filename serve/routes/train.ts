/** `POST /train`, `GET /train`, `GET /train/:job` and `POST /train/:job/cancel`. */

import { z } from "@hono/zod-openapi";
import type { Extension } from "../http/extension.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import { retraining } from "../jobs/retraining.ts";
import type { TrainJobs } from "../jobs/train_jobs.ts";
import { answers, jsonContent } from "../openapi/declare.ts";

// No process takes an argument with a NUL character.
const text = z.string().max(1000).regex(/^[^\0]*$/, "a parameter holds no NUL character");
const value = z.union([text, z.number(), z.boolean()]);

/** What `POST /train` takes: which model, and parameters other than those that made it. */
const trainRequest = z.strictObject({
  model: z.string().min(1).max(200).optional().openapi({
    description: "The model to train again, as /predict?model= names it; else the champion",
  }),
  params: z.record(z.string().regex(/^[A-Za-z]\w{0,63}$/), value).default({}).openapi({
    description: "Parameters of its pipeline, in place of those that made it; " +
      "deno task pipeline NAME --help lists them",
  }),
}).openapi("Train");

/** A job. */
export const jobSchema = z.object({
  id: z.string(),
  pipeline: z.string(),
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
export function trainRoutes(
  jobs: TrainJobs,
  { folders, project }: { readonly folders: readonly string[]; readonly project: string },
): Extension {
  const { 200: started, ...refusals } = answers(
    jobSchema,
    [400, 401, 403, 408, 409, 413, 415, 422, 429, 503, 504],
  );
  const params = z.object({ job: z.string().openapi({ description: "Id of the job" }) });
  return {
    paths: [
      {
        method: "post",
        path: "/train",
        summary: "Run the pipeline that made a model, in a process of its own, one at a time",
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
      {
        method: "post",
        path: "/train/{job}/cancel",
        summary: "Stop a training",
        tags: ["train"],
        request: { params },
        responses: answers(jobSchema, [400, 401, 403, 404, 409]),
      },
    ],
    add(app, gate, slots) {
      app.post(
        "/train",
        gate.work("admin", async (c, ticket) => {
          const body = validBody(trainRequest, await gate.body(c, ticket), "Cannot train");
          const { metadata } = slots.model(body.model);
          const { pipeline, params } = await retraining(metadata, body.params, folders, project);
          const job = await jobs.start(pipeline, params);
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
      app.post(
        "/train/:job/cancel",
        gate.ask("admin", async (c) => {
          const id = c.req.param("job")!;
          if (jobs.get(id) === undefined) throw new Problem(404, `There is no job "${id}"`);
          return c.json(await jobs.cancel(id));
        }),
      );
    },
  };
}
