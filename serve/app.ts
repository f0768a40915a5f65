/** The applications: requests in, answers out. They do not listen, so that tests need no socket. */

import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import config from "../deno.json" with { type: "json" };
import type { Config } from "./config/schema.ts";
import type { Observer, Router } from "./contract.ts";
import { Access, rightOf } from "./http/access.ts";
import { Proxies } from "./http/caller.ts";
import type { Deadlines } from "./http/deadlines.ts";
import { edge, notFound, problemResponse } from "./http/edge.ts";
import type { Extension } from "./http/extension.ts";
import { type AppEnv, Gate } from "./http/gate.ts";
import type { Places } from "./model/places.ts";
import type { Slots } from "./model/slots.ts";
import { Predictor } from "./predict/predictor.ts";
import { aboutRoutes, type Life } from "./routes/about.ts";
import { docsRoutes } from "./routes/docs.ts";
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
  readonly life: Pick<Life, "stopping">;
  /** Who may do what; by the settings where it is not given. */
  readonly access?: Access;
}

/** What the whole application is made of. */
export interface AppParts extends Omit<PredictionParts, "places"> {
  readonly slots: Slots;
  readonly life: Life;
  /** What is wrong beside models, in all threads. */
  readonly troubles?: () => Promise<readonly string[]>;
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
  v2Routes(app, gate, slots, version, life);
  for (const extension of extensions) extension.add(app, gate, slots);
  docsRoutes(app, gate, {
    slots,
    version,
    parser: settings,
    right: rightOf("openapi", protect),
    hasKeys: settings.apiKeys.length + settings.adminKeys.length > 0,
    more: extensions.flatMap(({ paths }) => paths),
  });
  app.notFound((c) => problemResponse(notFound(app, c), c, observer));
  return app;
}

/** Makes an application that predicts, and leaves all other requests to `otherwise`. */
export function createPredictionApp(
  parts: PredictionParts,
  otherwise: (request: Request, env: AppEnv["Bindings"]) => Promise<Response>,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false }); // a slash may end a path
  app.on("POST", [...predictPaths, ...inferPaths], ...onTheWay(parts));
  addPredictions(app, parts);
  app.notFound((c) => otherwise(c.req.raw, c.env));
  return app;
}

/** What requests pass before their handler. */
function onTheWay(
  { config: { corsOrigins, trustProxy }, observer }: Pick<PredictionParts, "config" | "observer">,
): [MiddlewareHandler<AppEnv>, ...MiddlewareHandler<AppEnv>[]] {
  const way = edge(observer, new Proxies(trustProxy));
  if (corsOrigins.length === 0) return [way];
  return [way, cors({ origin: [...corsOrigins], exposeHeaders: ["X-Request-Id"] })];
}

function addPredictions(
  app: Hono<AppEnv>,
  { config: settings, places, router, observer, deadlines, life, access = new Access(settings) }:
    PredictionParts,
): { readonly gate: Gate; readonly access: Access } {
  const gate = new Gate(access, deadlines, settings.bodyLimit, life);
  const predictor = new Predictor({ places, router, observer, queueLimit: settings.queueLimit });
  predictRoutes(app, gate, predictor, places, settings.batchLimit);
  inferRoutes(app, gate, predictor, places, settings.batchLimit);
  app.onError((error, c) => problemResponse(error, c, observer));
  return { gate, access };
}
