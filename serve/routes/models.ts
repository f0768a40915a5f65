/** What is served and what could be: `/model/info`, `/models/list`, `/model/load`, `/model/reload`. */

import type { Hono } from "hono";
import { UserError } from "../../src/base/mod.ts";
import { listBundles, namedModels } from "../../src/registry/mod.ts";
import type { Admission, AppEnv } from "../http/admission.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import type { Slots } from "../model/slots.ts";
import { loadRequest } from "../openapi/schemas.ts";
import { namedModel } from "./predict.ts";
import { state } from "./about.ts";

/** Adds the routes. */
export function modelRoutes(
  app: Hono<AppEnv>,
  gate: Admission,
  slots: Slots,
  modelsFolder: string,
): void {
  app.get(
    "/model/info",
    gate.work("predict", async (c, ticket) => {
      gate.admit(ticket);
      const name = c.req.query("model");
      if (name !== undefined) await namedModel(slots, ticket, name);
      const model = slots.model(name);
      const { feature_state: _, reference_statistics: __, acceptance: ___, profiles, ...told } =
        model.metadata;
      // What is known of each entity is nobody's business.
      const events = profiles && { events: profiles.spec };
      const { source, runtime, loadedAt } = model;
      return c.json({ ...told, ...events, source, runtime, loaded_at: loadedAt.toISOString() });
    }),
  );
  app.get(
    "/models/list",
    gate.ask("predict", async (c) => {
      const [available, names] = await Promise.all([
        listBundles(modelsFolder),
        namedModels(modelsFolder),
      ]);
      return c.json({ serving: slots.all.map(state), names, available });
    }),
  );
  app.post(
    "/model/load",
    gate.work("admin", async (c, ticket) => {
      const body = await gate.body(c, ticket);
      const { role, version } = validBody(loadRequest, body, "Cannot load a model");
      const slot = role === "champion" ? slots.champion : slots.challenger;
      if (slot === undefined) throw new Problem(409, "No challenger is configured");
      await change(() => slot.load(version));
      return c.json(state(slot));
    }),
  );
  app.post(
    "/model/reload",
    gate.work("admin", async (c, ticket) => {
      gate.admit(ticket);
      for (const slot of slots.all) await change(() => slot.load());
      return c.json({ models: slots.all.map(state) });
    }),
  );
}

/** A model that cannot be loaded is the operator's to repair, not a defect of the server. */
export async function change(load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof Deno.errors.NotFound)) throw error;
    const next = error instanceof UserError && error.next ? `; ${error.next}` : "";
    throw new Problem(409, `${error.message}${next}; the models that answered go on answering`);
  }
}
