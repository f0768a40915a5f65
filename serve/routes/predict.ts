/** `POST /predict` and `POST /predict/batch`. */

import type { Hono } from "hono";
import type { Admission, AppContext, AppEnv } from "../http/admission.ts";
import type { Ticket } from "../http/deadlines.ts";
import type { AskedModel, Places } from "../model/model_directory.ts";
import type { PredictionRequest, Predictor } from "../predict/predictor.ts";
import { recordsOf } from "./records.ts";

const json = { headers: { "Content-Type": "application/json" } };

/** The paths of predictions. */
export const predictPaths: readonly string[] = [
  ...["/predict", "/predict/batch", "/predict/:model", "/predict/:model/batch"],
];

/** Paths among them that name no model: another part of the server answers there. */
export const notModels: readonly string[] = ["/predict/advice"];

/** What every route that predicts is made of. */
export interface PredictionRoutes {
  readonly gate: Admission;
  readonly predictor: Predictor;
  readonly places: Places;
  /** Most records of a request. */
  readonly batchLimit: number;
}

/** Adds the routes. */
export function predictRoutes(
  app: Hono<AppEnv>,
  { gate, predictor, places, batchLimit }: PredictionRoutes,
): void {
  const one = gate.work("predict", async (c, ticket) => {
    const body = await gate.body(c, ticket);
    const asked = namedIn(c) === undefined
      ? defaultOf(c, ticket)
      : await askedOf(c, ticket, places);
    const { json: text } = await predictor.one(body, asked);
    return new Response(text, json);
  });
  const many = gate.work("predict", async (c, ticket) => {
    const records = recordsOf(await gate.body(c, ticket), batchLimit, "predict");
    const predicted = await predictor.many(
      records,
      "/records",
      await askedOf(c, ticket, places),
    );
    const texts = predicted.map((one) => one.json).join(",");
    return new Response(
      `{"request_id":"${c.get("id")}","count":${predicted.length},"predictions":[${texts}]}`,
      json,
    );
  });
  app.post("/predict", one);
  app.post("/predict/batch", many);
  app.post("/predict/:model", one);
  app.post("/predict/:model/batch", many);
}

/** What a request says beside its body; asked once that is read, for models change meanwhile. */
export async function askedOf(
  c: AppContext,
  ticket: Ticket,
  places: Places,
): Promise<PredictionRequest> {
  const name = namedIn(c);
  const asked = defaultOf(c, ticket);
  if (name === undefined) return asked;
  return { ...asked, named: await namedModel(places, ticket, name) };
}

/** A model that is asked for; a request does not wait for its loading longer than it may. */
export function namedModel(
  places: Places,
  ticket: Ticket,
  name: string,
  version?: string,
): Promise<AskedModel> {
  return new Promise((resolve, reject) => {
    ticket.onCancel(reject);
    places.named(name, version).then(resolve, reject);
  });
}

/** The model that a request names: in its path, else by `?model=`. */
function namedIn(c: AppContext): string | undefined {
  return c.req.param("model") ?? c.req.query("model");
}

function defaultOf(c: AppContext, ticket: Ticket): PredictionRequest {
  const routingKey = () => c.req.raw.headers.get("x-routing-key") ?? "";
  return { id: c.get("id"), routingKey, ticket };
}
