/** What the server is and how it is: `/`, `/health`, `/livez`, `/readyz`, `/version`. */

import type { Hono } from "hono";
import { type Protected, rightOf } from "../http/access.ts";
import type { Admission, AppEnv } from "../http/admission.ts";
import { Problem } from "../http/problem.ts";
import type { Slot } from "../model/slot.ts";
import type { Slots } from "../model/slots.ts";

/** How far the server is in its life. */
export interface Life {
  /** When it started. */
  readonly startedAt: Date;
  /** Whether it was asked to stop: it is not ready for new callers. */
  draining: boolean;
  /** Whether it takes no more requests. */
  stopping: boolean;
}

/** Adds the routes. */
export function aboutRoutes(
  app: Hono<AppEnv>,
  gate: Admission,
  { slots, life, version, adminClosed, protect, troubles }: {
    readonly slots: Slots;
    readonly life: Life;
    readonly version: string;
    readonly adminClosed?: string;
    /** What is wrong beside models. */
    readonly troubles: () => Promise<readonly string[]>;
    /** Answers that ask for a key. */
    readonly protect: readonly Protected[];
  },
): void {
  app.get(
    "/",
    gate.ask("open", (c) =>
      c.json({
        name: "dinoflow",
        version,
        description: "Predicts with exported models",
        model_loaded: slots.champion.current !== undefined,
        links: {
          documentation: "/docs",
          openapi: "/openapi.json",
          health: "/health",
          model: "/model/info",
          predict: "/predict",
          open_inference_protocol: "/v2",
        },
      })),
  );
  app.get("/livez", gate.ask("open", (c) => c.json({ status: "alive" })));
  app.get(
    "/readyz",
    gate.ask("open", (c) => {
      if (life.draining) throw notReady("the server is stopping");
      if (slots.champion.current === undefined) throw notReady("no model is loaded");
      return c.json({ status: "ready" });
    }),
  );
  app.get(
    "/health",
    gate.ask("open", async (c) => {
      const loaded = slots.champion.current !== undefined;
      const wrong = await troubles();
      const failing = wrong.length > 0 || slots.all.some(({ failure }) => failure !== undefined);
      const status = !loaded ? "unhealthy" : failing ? "degraded" : "healthy";
      // Balancers have no key: whether it is well is always told.
      if (!gate.may(c, rightOf("health", protect))) return c.json({ status });
      return c.json({
        status,
        model_loaded: loaded,
        stopping: life.draining,
        uptime_seconds: Math.round((Date.now() - life.startedAt.getTime()) / 1000),
        admin_closed: adminClosed ?? null,
        troubles: wrong,
        models: slots.all.map(state),
      });
    }),
  );
  app.get(
    "/version",
    gate.ask(rightOf("version", protect), (c) => {
      const { name, metadata } = slots.model();
      return c.json({
        server_version: version,
        model_name: name,
        model_version: metadata.version,
        run_id: metadata.run_id,
        threshold: metadata.decision?.threshold ?? null,
        deployment: metadata.deployment ?? null,
        git_commit: metadata.git_commit,
        data_digest: metadata.data_digest,
        model_digest: metadata.model_digest,
      });
    }),
  );
}

/** How a place for a model is. */
export function state({ role, reference, current, previous, failure, resting, bytes }: Slot) {
  const brief = (model: Slot["current"]) =>
    model === undefined ? null : {
      name: model.name,
      version: model.version,
      source: model.source,
      loaded_at: model.loadedAt.toISOString(),
    };
  return {
    role,
    reference,
    loaded: brief(current),
    previous: brief(previous),
    failure: failure ?? null,
    resting,
    megabytes: Math.round(bytes / 2 ** 20 * 1000) / 1000,
  };
}

function notReady(reason: string): Problem {
  return new Problem(503, `Not ready: ${reason}`, { headers: { "Retry-After": "5" } });
}
