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
import { PathRouter } from "./http/path_router.ts";
import { Admission, type AppEnv } from "./http/admission.ts";
import type { Places } from "./model/model_directory.ts";
import type { Slots } from "./model/slots.ts";
import { Predictor, type StoredFeatures } from "./predict/predictor.ts";
import { cacheRoutes } from "./routes/cache.ts";
import { addFeatureReads, featureReadPaths } from "./routes/features.ts";
import { aboutRoutes, type Life } from "./routes/about.ts";
import type { Features } from "./features/open_features.ts";
import { docsRoutes } from "./routes/docs.ts";
import { invocationPaths, invocationRoutes, pingRoute } from "./routes/invocations.ts";
import { modelRoutes } from "./routes/models.ts";
import { notModels, predictPaths, predictRoutes } from "./routes/predict.ts";
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
  /** What is stored of entities, for models that want it. */
  readonly features?: StoredFeatures;
  /** Where it is stored, for who reads it as it is. */
  readonly featureStore?: Features;
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
  const app = new Hono<AppEnv>({ strict: false, router: new PathRouter() }); // a slash may end a path
  app.use(...onTheWay(parts));
  const { gate, access } = gateOf(parts);
  const { adminClosed } = access;
  app.onError((error, c) => problemResponse(error, c, observer));
  for (const extension of extensions) {
    if (extension.beforeModels) extension.add(app, gate, slots);
  }
  addPredictions(app, gate, { ...parts, places: slots });
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
  for (const extension of all) if (!extension.beforeModels) extension.add(app, gate, slots);
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
  const app = new Hono<AppEnv>({ strict: false, router: new PathRouter() }); // a slash may end a path
  // What answers there passes its own way in.
  for (const path of notModels) app.post(path, (c) => otherwise(c.req.raw, c.env));
  app.on("POST", [...predictPaths, ...inferPaths, ...invocationPaths], ...onTheWay(parts));
  app.onError((error, c) => problemResponse(error, c, parts.observer));
  const { gate } = gateOf(parts);
  addPredictions(app, gate, parts);
  const { featureStore } = parts;
  if (featureStore !== undefined) {
    app.on("GET", featureReadPaths, ...onTheWay(parts));
    addFeatureReads(app, gate, () => featureStore, parts.config.batchLimit);
  }
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

function gateOf(
  { config: settings, deadlines, life, access = new Access(settings) }: Pick<
    PredictionParts,
    "config" | "deadlines" | "life" | "access"
  >,
): { readonly gate: Admission; readonly access: Access } {
  return { gate: new Admission(access, deadlines, settings.bodyLimit, life), access };
}

function addPredictions(app: Hono<AppEnv>, gate: Admission, parts: PredictionParts): void {
  const { config: { queueLimit, batchLimit }, places, router, observer, features } = parts;
  const predictor = new Predictor({ places, router, observer, queueLimit, features });
  const routes = { gate, predictor, places, batchLimit };
  for (const add of [predictRoutes, inferRoutes, invocationRoutes]) add(app, routes);
}
