/** The applications: requests in, answers out. They do not listen, so that tests need no socket. */

import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import config from "../deno.json" with { type: "json" };
import type { Config } from "./config/schema.ts";
import type { Observer, Router } from "./contract.ts";
import { Access, rightOf } from "./http/access.ts";
import type { Cache } from "./http/cache.ts";
import { Proxies } from "./http/caller.ts";
import type { Deadlines } from "./http/deadlines.ts";
import { edge, notFound, problemResponse } from "./http/response_headers.ts";
import type { Extension } from "./http/extension.ts";
import { Admission, type AppEnv } from "./http/admission.ts";
import type { Places } from "./model/model_directory.ts";
import type { Slots } from "./model/slots.ts";
import { Predictor } from "./predict/predictor.ts";
import { cacheRoutes } from "./routes/cache.ts";
import { aboutRoutes, type Life } from "./routes/about.ts";
import { docsRoutes } from "./routes/docs.ts";
import { invocationPaths, invocationRoutes, pingRoute } from "./routes/invocations.ts";
import { modelRoutes } from "./routes/models.ts";
import { predictPaths, predictRoutes } from "./routes/predict.ts";
import { inferPaths, inferRoutes, v2Routes } from "./routes/v2.ts";

/** What an application that predicts is made of. */
export interface PredictionParts {
  readonly config: Config;
  readonly places: Places;
  readonly router: Router;
  readonly observer: Observer;
  readonly deadlines: Deadlines;
  readonly life: Pick<Life, "draining" | "stopping">;
  /** Who may do what; by the settings if it is not given. */
  readonly access?: Access;
}

/** What the whole application is made of. */
export interface AppParts extends Omit<PredictionParts, "places"> {
  readonly slots: Slots;
  readonly life: Life;
  /** What is wrong beside models, in all threads. */
  readonly troubles?: () => Promise<readonly string[]>;
  /** What may be forgotten, beside the documentation. */
  readonly caches?: readonly Cache[];
  /** What other parts of the server bring. */
  readonly extensions: readonly Extension[];
}

/** Makes the whole application. */
export function createApp(parts: AppParts): Hono<AppEnv> {
  const { config: settings, slots, observer, life, extensions } = parts;
  const { version } = config;
  const app = new Hono<AppEnv>({ strict: false }); // a slash may end a path
  app.use(...onTheWay(parts));
  const { gate, access: { adminClosed } } = addPredictions(app, { ...parts, places: slots });
  if (adminClosed) observer.log("warn", "admin routes are closed", { reason: adminClosed });
  const { protect } = settings;
  const { troubles = () => Promise.resolve([]) } = parts;
  aboutRoutes(app, gate, { slots, life, version, adminClosed, protect, troubles });
  modelRoutes(app, gate, slots, settings.modelsFolder);
  const all: Extension[] = [...extensions, pingRoute(slots, life)];
  const needsKey = (method: string, path: string) => {
    const own = path.replace(/\{(\w+)\}/g, ":$1");
    const route = app.routes.find((route) =>
      route.method === method.toUpperCase() && route.path === own
    );
    return gate.needsKey(route?.handler);
  };
  const caches = docsRoutes(app, gate, {
    ...{ slots, version, needsKey },
    parser: settings,
    right: rightOf("openapi", protect),
    more: () => all.flatMap(({ paths }) => paths),
  });
  all.push(cacheRoutes([...caches, ...parts.caches ?? []]));
  for (const extension of all) extension.add(app, gate, slots);
  // After what is no model's name below /v2/models.
  v2Routes(app, gate, slots, version, life);
  app.notFound((c) => problemResponse(notFound(app, c), c, observer));
  return app;
}

/** Makes an application that predicts, and leaves all other requests to `otherwise`. */
export function createPredictionApp(
  parts: PredictionParts,
  otherwise: (request: Request, env: AppEnv["Bindings"]) => Promise<Response>,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false }); // a slash may end a path
  app.on("POST", [...predictPaths, ...inferPaths, ...invocationPaths], ...onTheWay(parts));
  addPredictions(app, parts);
  app.notFound((c) => otherwise(c.req.raw, c.env));
  return app;
}

/** What requests pass before their handler. */
function onTheWay(
  { config: { corsOrigins, trustProxy }, observer, life }: Pick<
    PredictionParts,
    "config" | "observer" | "life"
  >,
): [MiddlewareHandler<AppEnv>, ...MiddlewareHandler<AppEnv>[]] {
  const first = edge(observer, new Proxies(trustProxy), life);
  if (corsOrigins.length === 0) return [first];
  return [first, cors({ origin: [...corsOrigins], exposeHeaders: ["X-Request-Id"] })];
}

function addPredictions(
  app: Hono<AppEnv>,
  { config: settings, places, router, observer, deadlines, life, access = new Access(settings) }:
    PredictionParts,
): { readonly gate: Admission; readonly access: Access } {
  const gate = new Admission(access, deadlines, settings.bodyLimit, life);
  const predictor = new Predictor({ places, router, observer, queueLimit: settings.queueLimit });
  predictRoutes(app, gate, predictor, places, settings.batchLimit);
  inferRoutes(app, gate, predictor, places, settings.batchLimit);
  invocationRoutes(app, gate, predictor, places, settings.batchLimit);
  app.onError((error, c) => problemResponse(error, c, observer));
  return { gate, access };
}
