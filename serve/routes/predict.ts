/** `POST /predict` and `POST /predict/batch`. */

import type { Hono } from "hono";
import type { Admission, AppContext, AppEnv } from "../http/admission.ts";
import type { Ticket } from "../http/deadlines.ts";
import type { Places } from "../model/model_directory.ts";
import type { PredictionRequest, Predictor } from "../predict/predictor.ts";
import { recordsOf } from "./records.ts";

const json = { headers: { "Content-Type": "application/json" } };

/** The paths of predictions. */
export const predictPaths: readonly string[] = ["/predict", "/predict/batch"];

/** Adds the routes. */
export function predictRoutes(
  app: Hono<AppEnv>,
  gate: Admission,
  predictor: Predictor,
  places: Places,
  batchLimit: number,
): void {
  app.post(
    "/predict",
    gate.work("predict", async (c, ticket) => {
      const body = await gate.body(c, ticket);
      const { json: text } = await predictor.one(body, askedOf(c, ticket, places));
      return new Response(text, json);
    }),
  );
  app.post(
    "/predict/batch",
    gate.work("predict", async (c, ticket) => {
      const records = recordsOf(await gate.body(c, ticket), batchLimit, "predict");
      const predicted = await predictor.many(records, "/records", askedOf(c, ticket, places));
      const texts = predicted.map((one) => one.json).join(",");
      return new Response(
        `{"request_id":"${c.get("id")}","count":${predicted.length},"predictions":[${texts}]}`,
        json,
      );
    }),
  );
}

/** What a request says beside its body; asked once that is read, for models change meanwhile. */
export function askedOf(c: AppContext, ticket: Ticket, places: Places): PredictionRequest {
  const name = c.req.query("model");
  const model = name === undefined ? undefined : places.model(name);
  return { id: c.get("id"), key: c.req.raw.headers.get("x-routing-key") ?? "", model, ticket };
}
