/** `POST /explain`: why a record is predicted as it is; `POST /explain/batch`: why many are. */

import { z } from "@hono/zod-openapi";
import { namedModel } from "./predict.ts";
import type { StoredFeatures } from "../predict/predictor.ts";
import type { Ticket } from "../http/deadlines.ts";
import type { Extension } from "../http/extension.ts";
import type { AppContext } from "../http/admission.ts";
import { type Fault, mostFaults, Problem } from "../http/problem.ts";
import type { Explainers } from "../model/explainers.ts";
import { answers, jsonContent, type Schema } from "../openapi/declare.ts";
import { recordList } from "../openapi/schemas.ts";
import { recordsOf } from "./records.ts";

const explanation = z.object({
  score: z.number(),
  base: z.number(),
  columns: z.record(z.string(), z.number()),
  features: z.record(z.string(), z.number()),
  instead: z.string().optional().openapi({
    description: "Of a span what else would be read there: other spans, or no span",
  }),
});

/** An answer of `POST /explain`. */
export const explainAnswer = z.object({
  request_id: z.string(),
  prediction: z.union([z.string(), z.number()]),
  space: z.enum(["probability", "margin", "value", "log"]).openapi({
    description: "What base and values add up to: a forest's probability, the margin of boosting " +
      "or of a logistic regression, the predicted number, or its logarithm; of spans by how much " +
      "the best reading of the text without it scores less",
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
      "none; of spans it is a label, all of them without it",
  }),
  model: z.string().optional().openapi({ description: "A model beside the one that answers" }),
});

/** An answer of `POST /explain/batch`. */
const batchAnswer = z.object({
  request_id: z.string(),
  count: z.int().min(1),
  explanations: z.array(explainAnswer),
}).openapi("Explanations");

/** The routes. */
export function explainRoute(
  explainers: Explainers,
  batchLimit: number,
  features?: StoredFeatures,
): Extension {
  const statuses = [400, 401, 404, 408, 409, 413, 415, 422, 429, 503, 504];
  const path = (path: string, summary: string, schema: Schema, answer: z.ZodType) => ({
    method: "post" as const,
    ...{ path, summary },
    tags: ["predict"],
    request: { query, body: { required: true, content: jsonContent(schema) } },
    responses: answers(answer, statuses),
  });
  return {
    paths: [
      path(
        "/explain",
        "Explain one raw record: what each column adds to the score (exact Shapley values)",
        { $ref: "#/components/schemas/Record" },
        explainAnswer,
      ),
      path("/explain/batch", "Explain many raw records, all or none", recordList, batchAnswer),
    ],
    add(app, gate, slots) {
      const explain = async (
        c: AppContext,
        ticket: Ticket,
        raw: readonly unknown[],
        at: string,
      ) => {
        const name = c.req.query("model");
        if (name !== undefined) await namedModel(slots, ticket, name);
        const model = slots.model(name);
        const asked = c.req.query("class");
        const names = model.task.explained(model.metadata);
        if (asked !== undefined && asked !== "all" && !names.includes(asked)) {
          throw new Problem(400, `There is no class "${asked}": wanted all, ${names.join(", ")}`);
        }
        const faults: Fault[] = [];
        const full = model.metadata.feature_views === undefined
          ? raw
          : (await features?.complete(model, raw))?.map(({ record }) => record) ?? raw;
        const parsed = full.flatMap((record, row) =>
          model.parse(record, at === "" ? "" : `${at}/${row}`, faults) ?? []
        );
        if (faults.length > 0) {
          const what = at === "" ? "the record" : "some records";
          throw new Problem(422, `Cannot explain: ${what} cannot be used`, {
            errors: faults.slice(0, mostFaults),
          });
        }
        const startedAt = performance.now();
        const explained = await explainers.explain(model, parsed, signalOf(ticket));
        const latency = Math.round((performance.now() - startedAt) * 1000) / 1000;
        return explained.map((one, row): z.output<typeof explainAnswer> => {
          const { classes, space } = one;
          const wanted = model.task.explainedParts(one, asked);
          return {
            request_id: at === "" ? c.get("id") : `${c.get("id")}#${row}`,
            prediction: model.task.explainedPrediction(one, space),
            space: model.task.space(space),
            explanations: Object.fromEntries(wanted.map((label) => [label, classes[label]])),
            latency_ms: latency,
            model_name: model.name,
            model_version: model.version,
          };
        });
      };
      app.post(
        "/explain",
        gate.work("predict", async (c, ticket) => {
          const record = await gate.body(c, ticket);
          const [answer] = await explain(c, ticket, [record], "");
          return c.json(answer);
        }),
      );
      app.post(
        "/explain/batch",
        gate.work("predict", async (c, ticket) => {
          const records = recordsOf(await gate.body(c, ticket), batchLimit, "explain");
          const explanations = await explain(c, ticket, records, "/records");
          const answer = { request_id: c.get("id"), count: explanations.length, explanations };
          return c.json(answer satisfies z.output<typeof batchAnswer>);
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
