/** How a part of the server that is not on the prediction path brings routes of its own. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Hono } from "hono";
import type { Slots } from "../model/slots.ts";
import type { Admission, AppEnv } from "./admission.ts";

/** Routes with their documentation. */
export interface Extension {
  /** Declares each route that {@linkcode Extension.add} adds. */
  readonly paths: readonly RouteConfig[];
  /** Its routes go before those that name a model, as `/predict/advice` before `/predict/{model}`. */
  readonly beforeModels?: boolean;
  /** Adds the routes. */
  add(app: Hono<AppEnv>, gate: Admission, slots: Slots): void;
}
