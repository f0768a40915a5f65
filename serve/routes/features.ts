/** `POST` and `GET /features/{view}`, `GET /features/{view}/{id}`: what is stored of entities. */

import { z } from "@hono/zod-openapi";
import type { RouteConfig } from "@hono/zod-openapi";
import type { Hono } from "hono";
import { ServiceError } from "../../src/base/mod.ts";
import {
  type EntityId,
  entityIdOf,
  type EntityValues,
  type FeatureView,
  type KeptValues,
  storedValueOf,
  UnknownView,
  viewNamed,
} from "../../src/feature_store/mod.ts";
import type { ReadResult } from "../features/feature_reader.ts";
import type { Features } from "../features/open_features.ts";
import type { Admission, AppContext, AppEnv } from "../http/admission.ts";
import type { Extension } from "../http/extension.ts";
import { type Fault, mostFaults, Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import { answers, jsonContent, work } from "../openapi/declare.ts";

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** What `POST /features/{view}` takes. */
const pushRequest = z.strictObject({
  rows: z.array(z.strictObject({
    id: z.union([z.string(), z.number()]).openapi({ description: "Whose values they are" }),
    time: z.iso.datetime({ offset: true }).optional().openapi({
      description: "When they came to be true; now if it is left out",
    }),
    values: z.record(z.string(), value).openapi({
      description: "By feature; one that is left out is missing from now on",
    }),
  })).min(1),
}).openapi("FeaturePush");

/** An answer of `POST /features/{view}`. */
export const pushAnswer = z.object({
  view: z.string(),
  rows: z.int().min(1),
  changed: z.int().min(0).openapi({ description: "Rows that were not older than what was there" }),
}).openapi("FeaturesPushed");

const stored = z.object({
  id: z.union([z.string(), z.number()]),
  time: z.iso.datetime().openapi({ description: "When the values came to be true" }),
  age_seconds: z.number(),
  expired: z.boolean().openapi({ description: "Older than the view lets values live" }),
  values: z.record(z.string(), value),
});

/** An answer of `GET /features/{view}/{id}`. */
export const featureAnswer = z.object({ view: z.string(), ...stored.shape })
  .openapi("StoredFeatures");

/** An answer of `GET /features/{view}`. */
export const featuresAnswer = z.object({
  view: z.string(),
  entities: z.array(z.union([stored, z.object({ id: stored.shape.id, values: z.null() })]))
    .openapi({ description: "In the order of the ids; values are null where nothing is stored" }),
}).openapi("StoredFeaturesOfMany");

/** The routes; where there is no store they say so. */
export function featureRoutes(
  features: Features | undefined,
  batchLimit: number,
  now: () => number = Date.now,
): Extension {
  const view = z.object({ view: z.string().openapi({ description: "Name of the view" }) });
  const one = view.extend({ id: z.string().openapi({ description: "Id of the entity" }) });
  const tags = ["features"];
  const opened = (): Features => {
    if (features !== undefined) return features;
    throw new Problem(409, "There is no feature store: --feature-store is off");
  };
  const paths: RouteConfig[] = [
    {
      method: "post",
      path: "/features/{view}",
      summary: "Store values of a view whose source is requests",
      tags,
      request: { params: view, body: { required: true, content: jsonContent(pushRequest) } },
      responses: answers(pushAnswer, [...work, 403, 404, 409]),
    },
    {
      method: "get",
      path: "/features/{view}",
      summary: "What is stored of many entities",
      tags,
      request: {
        params: view,
        query: z.object({ id: z.array(z.string()).openapi({ description: "Ids, as id=1&id=2" }) }),
      },
      responses: answers(featuresAnswer, [400, 401, 404, 409, 413, 422, 429, 503, 504]),
    },
    {
      method: "get",
      path: "/features/{view}/{id}",
      summary: "What is stored of an entity",
      tags,
      request: { params: one },
      responses: answers(featureAnswer, [400, 401, 404, 409, 422, 429, 503, 504]),
    },
  ];
  return {
    paths,
    add(app, gate) {
      app.post(
        "/features/:view",
        gate.work("admin", async (c, ticket) => {
          const { store } = opened();
          const body = validBody(pushRequest, await gate.body(c, ticket), "Cannot store features");
          const view = await declared(opened(), c.req.param("view")!);
          if (view.source !== "request") {
            throw new Problem(
              409,
              `Cannot store features of "${view.name}": a pipeline materialises the view; ` +
                'declare it with source "request" to push',
            );
          }
          if (body.rows.length > batchLimit) {
            throw new Problem(
              413,
              `Cannot store ${body.rows.length} rows at once: wanted at most ${batchLimit}`,
            );
          }
          const rows = readRows(view, body.rows, now());
          const changed = await asked(() => store.write(view, rows));
          const answer: z.output<typeof pushAnswer> = {
            ...{ view: view.name, rows: rows.length, changed },
          };
          return c.json(answer);
        }),
      );
      addFeatureReads(app, gate, opened, batchLimit, now);
    },
  };
}

/** Where entities are read. */
export const featureReadPaths = ["/features/:view", "/features/:view/:id"];

/** Adds the routes that read, which each thread has. */
export function addFeatureReads(
  app: Hono<AppEnv>,
  gate: Admission,
  opened: () => Features,
  batchLimit: number,
  now: () => number = Date.now,
): void {
  const read = (answer: (c: AppContext, features: Features) => Promise<unknown>) =>
    gate.work("predict", async (c, ticket) => {
      gate.admit(ticket);
      return new Response(JSON.stringify(await answer(c, opened())), json);
    });
  const [many, one] = featureReadPaths;
  app.get(many, read((c, features) => answerMany(c, features, batchLimit, now)));
  app.get(one, read((c, features) => answerOne(c, features, now)));
}

async function answerOne(
  c: AppContext,
  features: Features,
  now: () => number,
): Promise<z.output<typeof featureAnswer>> {
  const view = await declared(features, c.req.param("view")!);
  const id = idOf(view, c.req.param("id")!);
  const { kept, result } = await asked(() => features.reader.one(view, id));
  if (kept === undefined) {
    throw new Problem(404, `Nothing is stored of ${view.entity.name} "${id}" in "${view.name}"`);
  }
  return { view: view.name, ...told(id, kept, result, now()) };
}

async function answerMany(
  c: AppContext,
  features: Features,
  batchLimit: number,
  now: () => number,
): Promise<z.output<typeof featuresAnswer>> {
  const view = await declared(features, c.req.param("view")!);
  const given = c.req.queries("id") ?? [];
  if (given.length === 0) {
    throw new Problem(422, `Cannot read "${view.name}": wanted ids, as ?id=1&id=2`);
  }
  if (given.length > batchLimit) {
    throw new Problem(413, `Cannot read ${given.length} ids at once: wanted at most ${batchLimit}`);
  }
  const ids = given.map((id) => idOf(view, id));
  const found = await asked(() => features.reader.many(view, ids));
  const at = now();
  return {
    view: view.name,
    entities: found.map(({ kept, result }, place) =>
      kept === undefined ? { id: ids[place], values: null } : told(ids[place], kept, result, at)
    ),
  };
}

function idOf(view: FeatureView, given: string): EntityId {
  const id = entityIdOf(view, given);
  if (id !== undefined) return id;
  const wanted = view.entity.kind === "text" ? "a text" : "a whole number";
  throw new Problem(422, `"${given.slice(0, 60)}" is no ${view.entity.name}: wanted ${wanted}`);
}

function told(
  id: EntityId,
  { time, values }: KeptValues,
  result: ReadResult,
  now: number,
): z.output<typeof stored> {
  return {
    id,
    time: new Date(time).toISOString(),
    age_seconds: Math.round((now - time) / 100) / 10,
    expired: result === "expired",
    values,
  };
}

const json = { headers: { "Content-Type": "application/json", "Cache-Control": "no-store" } };

/** A view that was declared a moment ago is known too. */
async function declared({ reader }: Features, name: string): Promise<FeatureView> {
  try {
    if (!reader.views.some((view) => view.name === name)) await reader.follow();
    return viewNamed(reader.views, name);
  } catch (error) {
    if (!(error instanceof UnknownView)) throw error;
    const [trouble] = reader.troubles();
    if (trouble !== undefined && reader.views.length === 0) throw away(trouble);
    throw new Problem(404, `${error.message}${error.next ? `; ${error.next}` : ""}`);
  }
}

/** A store that is away is nobody's mistake. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) throw away(error.message);
    throw error;
  }
}

function away(reason: string): Problem {
  return new Problem(503, `The feature store cannot be asked: ${reason}`, {
    headers: { "Retry-After": "5" },
  });
}

function readRows(
  view: FeatureView,
  rows: z.output<typeof pushRequest>["rows"],
  now: number,
): EntityValues[] {
  const faults: Fault[] = [];
  const read = rows.map(({ id, time, values }, row): EntityValues => {
    const at = `/rows/${row}`;
    const own = entityIdOf(view, id);
    const moment = time === undefined ? now : Date.parse(time);
    if (own === undefined) faults.push({ pointer: `${at}/id`, detail: `no ${view.entity.kind}` });
    if (!(moment >= 0)) faults.push({ pointer: `${at}/time`, detail: "before 1970" });
    for (const [name, value] of Object.entries(values)) {
      const kind = Object.hasOwn(view.features, name) ? view.features[name] : undefined;
      const detail = kind === undefined
        ? `the view has no such feature; it has ${Object.keys(view.features).join(", ")}`
        : storedValueOf(kind, value) === undefined
        ? `wanted ${kind} or null`
        : undefined;
      const pointer = `${at}/values/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (detail !== undefined) faults.push({ pointer, detail });
    }
    return { id: own ?? "", time: moment, values };
  });
  if (faults.length === 0) return read;
  throw new Problem(422, "Cannot store features: some values cannot be used", {
    errors: faults.slice(0, mostFaults),
  });
}
