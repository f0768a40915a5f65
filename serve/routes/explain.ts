/** `POST /explain`: why a record is predicted as it is. */

import { z } from "@hono/zod-openapi";
import type { Ticket } from "../http/deadlines.ts";
import type { Extension } from "../http/extension.ts";
import { type Fault, Problem } from "../http/problem.ts";
import type { Explainers } from "../model/explainers.ts";
import { answers, jsonContent } from "../openapi/paths.ts";

const explanation = z.object({
  score: z.number(),
  base: z.number(),
  columns: z.record(z.string(), z.number()),
  features: z.record(z.string(), z.number()),
});

/** An answer of `POST /explain`. */
export const explainAnswer = z.object({
  request_id: z.string(),
  prediction: z.union([z.string(), z.number()]),
  space: z.enum(["probability", "margin", "value"]).openapi({
    description: "What base and values add up to: a forest's probability, the margin of boosting " +
      "or of a logistic regression, or the predicted number",
  }),
  explanations: z.record(z.string(), explanation),
  latency_ms: z.number().min(0),
  model_name: z.string(),
  model_version: z.string(),
}).openapi("Explanation");

const query = z.object({
  class: z.string().optional().openapi({
    description:
      "The class whose score is explained, or all; the predicted one without it. A number has " +
      "none",
  }),
  model: z.string().optional().openapi({ description: "A model beside the one that answers" }),
});

/** The route. */
export function explainRoute(explainers: Explainers): Extension {
  return {
    paths: [{
      method: "post",
      path: "/explain",
      summary: "Explain one raw record: what each column adds to the score (exact Shapley values)",
      tags: ["predict"],
      request: {
        query,
        body: { required: true, content: jsonContent({ $ref: "#/components/schemas/Record" }) },
      },
      responses: answers(explainAnswer, [400, 401, 404, 409, 413, 415, 422, 429, 503, 504]),
    }],
    add(app, gate, slots) {
      app.post(
        "/explain",
        gate.work("predict", async (c, ticket) => {
          const record = await gate.body(c, ticket);
          const name = c.req.query("model");
          const model = slots.model(name);
          const asked = c.req.query("class");
          const names = model.task.explained(model.metadata);
          if (asked !== undefined && asked !== "all" && !names.includes(asked)) {
            throw new Problem(400, `There is no class "${asked}": wanted all, ${names.join(", ")}`);
          }
          const faults: Fault[] = [];
          const parsed = model.parse(record, "", faults);
          if (parsed === undefined) {
            throw new Problem(422, "Cannot explain: the record cannot be used", { errors: faults });
          }
          const startedAt = performance.now();
          const { prediction, classes, space } = await explainers.explain(
            model,
            parsed,
            signalOf(ticket),
          );
          const wanted = asked === "all" ? names : [asked ?? prediction];
          const answer: z.output<typeof explainAnswer> = {
            request_id: c.get("id"),
            prediction: model.task.explainedPrediction(prediction, classes[prediction].score),
            space: model.task.space(space),
            explanations: Object.fromEntries(wanted.map((label) => [label, classes[label]])),
            latency_ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
            model_name: model.name,
            model_version: model.version,
          };
          return c.json(answer);
        }),
      );
    },
  };
}

function signalOf(ticket: Ticket): AbortSignal {
  const controller = new AbortController();
  ticket.onCancel((reason) => controller.abort(reason));
  return controller.signal;
}
