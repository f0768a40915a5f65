/** The application: requests in, answers out. It does not listen, so that tests need no socket. */

import { Hono } from "hono";
import { cors } from "hono/cors";
import config from "../deno.json" with { type: "json" };
import type { Config } from "./config/schema.ts";
import type { Observer, Router } from "./contract.ts";
import { Access } from "./http/access.ts";
import type { Deadlines } from "./http/deadlines.ts";
import { edge, notFound, problemResponse } from "./http/edge.ts";
import type { Extension } from "./http/extension.ts";
import { type AppEnv, Gate } from "./http/gate.ts";
import type { Slots } from "./model/slots.ts";
import { Predictor } from "./predict/predictor.ts";
import { aboutRoutes, type Life } from "./routes/about.ts";
import { docsRoutes } from "./routes/docs.ts";
import { modelRoutes } from "./routes/models.ts";
import { predictRoutes } from "./routes/predict.ts";
import { v2Routes } from "./routes/v2.ts";

/** What the application is made of. */
export interface AppParts {
  readonly config: Config;
  readonly slots: Slots;
  readonly router: Router;
  readonly observer: Observer;
  readonly deadlines: Deadlines;
  readonly life: Life;
  /** What other parts of the server bring. */
  readonly extensions: readonly Extension[];
}

/** Makes the application. */
export function createApp(parts: AppParts): Hono<AppEnv> {
  const { config: settings, slots, router, observer, deadlines, life, extensions } = parts;
  const access = new Access(settings);
  const { adminClosed } = access;
  if (adminClosed) observer.log("warn", "admin routes are closed", { reason: adminClosed });
  const gate = new Gate(access, deadlines, settings.bodyLimit, observer);
  const predictor = new Predictor({ slots, router, observer, queueLimit: settings.queueLimit });
  const app = new Hono<AppEnv>();
  app.use(edge(observer));
  if (settings.corsOrigins.length > 0) {
    app.use(cors({ origin: [...settings.corsOrigins], exposeHeaders: ["X-Request-Id"] }));
  }
  aboutRoutes(app, gate, {
    slots,
    life,
    version: config.version,
    adminClosed,
  });
  predictRoutes(app, gate, predictor, slots, settings.batchLimit);
  modelRoutes(app, gate, slots, settings.modelsFolder);
  v2Routes(app, gate, {
    slots,
    predictor,
    batchLimit: settings.batchLimit,
    version: config.version,
  });
  for (const extension of extensions) extension.add(app, gate, slots);
  docsRoutes(app, gate, {
    slots,
    version: config.version,
    parser: settings,
    more: extensions.flatMap(({ paths }) => paths),
  });
  app.onError((error, c) => problemResponse(error, c, observer));
  app.notFound((c) => problemResponse(notFound(app, c), c, observer));
  return app;
}
