/** `POST /invocations` and `GET /ping`, as MLflow's scoring server and SageMaker have them. */

import { z } from "@hono/zod-openapi";
import type { Hono } from "hono";
import { isJson } from "../http/body.ts";
import type { Extension } from "../http/extension.ts";
import type { AppContext, AppEnv } from "../http/admission.ts";
import { Problem } from "../http/problem.ts";
import type { Places } from "../model/model_directory.ts";
import { answers, jsonContent, work } from "../openapi/declare.ts";
import type { Life } from "./about.ts";
import { parsePythonJson, type Rows, rowsOfCsv, rowsOfForm } from "./invocation_forms.ts";
import { askedOf, type PredictionRoutes } from "./predict.ts";
import { checkCount } from "./records.ts";

/** The paths of predictions. */
export const invocationPaths: readonly string[] = ["/invocations"];

/** Adds `POST /invocations`. */
export function invocationRoutes(
  app: Hono<AppEnv>,
  { gate, predictor, places, batchLimit }: PredictionRoutes,
): void {
  app.post(
    "/invocations",
    gate.work("predict", async (c, ticket) => {
      const read = readerOf(c);
      const { rows, at } = read(await gate.text(c, ticket));
      checkCount(rows.length, batchLimit, "predict");
      const predicted = await predictor.many(rows, at, await askedOf(c, ticket, places));
      // As MLflow answers for the same file: a row with each of its outputs.
      const predictions = predicted.map(({ model: { answers: { tensors } }, scores }) =>
        Object.fromEntries(tensors.map(({ name, of }) => [name, of(scores)]))
      );
      return c.json({ predictions });
    }),
  );
}

function readerOf(c: AppContext): (text: string) => Rows {
  const type = c.req.raw.headers.get("content-type") ?? "that is not declared";
  if (isJson(type)) return (text) => rowsOfForm(parsePythonJson(text));
  if (/^text\/csv\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)) return rowsOfCsv;
  throw new Problem(415, `Cannot read a body of type ${type}`, {
    headers: { "Accept-Post": "application/json, text/csv" },
  });
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const row = { $ref: "#/components/schemas/Record" };
const list = { type: "array", minItems: 1 };

/** A body in one of its forms. */
const forms = {
  oneOf: Object.entries({
    dataframe_split: {
      type: "object",
      properties: {
        index: { type: "array" },
        columns: { ...list, items: { type: "string" } },
        data: { ...list, items: { type: "array" } },
      },
      required: ["columns", "data"],
    },
    dataframe_records: { ...list, items: row },
    instances: { ...list, items: row },
    inputs: { type: "object", additionalProperties: list, minProperties: 1 },
  }).map(([form, schema]) => ({
    type: "object",
    properties: { [form]: schema },
    required: [form],
    additionalProperties: false,
  })),
};

/** `GET /ping`, and what is documented. */
export function pingRoute(places: Places, life: Pick<Life, "draining">): Extension {
  const { 200: done, ...refusals } = answers(z.object({}), [400, 503]);
  return {
    paths: [
      {
        method: "post",
        path: "/invocations",
        summary: "Predict rows as MLflow's and SageMaker's clients send them",
        tags: ["predict"],
        request: {
          body: {
            required: true,
            content: { ...jsonContent(forms), "text/csv": { schema: z.string() } },
          },
        },
        responses: answers(
          z.object({ predictions: z.array(z.record(z.string(), cell)) }).openapi("Invocation"),
          [...work, 404],
        ),
      },
      {
        method: "get",
        path: "/ping",
        summary: "Whether it can predict, as SageMaker asks",
        tags: ["server"],
        responses: {
          ...refusals,
          200: { ...done, content: { "text/plain": { schema: z.string() } } },
        },
      },
    ],
    add(app, gate) {
      app.get(
        "/ping",
        gate.ask("open", (c) => {
          if (life.draining) throw new Problem(503, "Not ready: the server is stopping");
          places.model();
          return c.text("\n");
        }),
      );
    },
  };
}
