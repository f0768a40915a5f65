/** The models that could be served, as the Open Inference Protocol's repository extension lists and changes them. */

import { z } from "@hono/zod-openapi";
import { listBundles } from "../../src/registry/mod.ts";
import type { Ticket } from "../http/deadlines.ts";
import type { Extension } from "../http/extension.ts";
import type { Admission, AppContext } from "../http/admission.ts";
import { parseJson } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import { referencedName } from "../model/model_directory.ts";
import type { Slot } from "../model/slot.ts";
import type { Slots } from "../model/slots.ts";
import { v2Answers, work } from "../openapi/declare.ts";
import { change } from "./models.ts";

/** Models at once: each keeps two versions in memory. */
const MOST_PLACES = 64;

/** A model as the index lists it. */
const entry = z.object({
  name: z.string(),
  version: z.string(),
  state: z.enum(["READY", "UNAVAILABLE"]),
  reason: z.string(),
});

/** An answer of `POST /v2/repository/index`. */
export const indexAnswer = z.array(entry).openapi("RepositoryIndex");

const indexRequest = z.object({ ready: z.boolean().default(false) });
const changeRequest = z.object({
  parameters: z.strictObject({}).optional(),
});

/** The routes. */
export function repositoryRoutes(modelsFolder: string): Extension {
  const protocol = { tags: ["open inference protocol"] };
  const request = (schema: z.ZodType) => ({
    body: { required: false, content: { "application/json": { schema } } },
  });
  const params = z.object({ model: z.string().openapi({ description: "Name of the model" }) });
  const changing = (verb: "load" | "unload", summary: string) => ({
    method: "post" as const,
    path: `/v2/repository/models/{model}/${verb}`,
    summary,
    ...protocol,
    request: { params, ...request(changeRequest) },
    responses: v2Answers(z.object({}), [...work.filter((status) => status !== 415), 403, 404, 409]),
  });
  return {
    paths: [
      {
        method: "post",
        path: "/v2/repository/index",
        summary: "Models that are served, and that could be",
        ...protocol,
        request: request(indexRequest),
        responses: v2Answers(indexAnswer, work.filter((status) => status !== 415)),
      },
      changing("load", "Serve the newest version of a model to who names it, or load it anew"),
      changing("unload", "Serve a model no more; the one that answers by default stays"),
    ],
    add(app, gate, slots) {
      app.post(
        "/v2/repository/index",
        gate.work("predict", async (c, ticket) => {
          const { ready } = validBody(
            indexRequest,
            await optionalBody(c, gate, ticket),
            "Cannot list",
            400,
          );
          const served = slots.all.map(described);
          const known = new Set(served.map(({ name, version }) => `${version} ${name}`));
          const others = (await listBundles(modelsFolder))
            .filter(({ model_name, version }) => !known.has(`${version} ${model_name}`))
            .map(({ model_name: name, version }) => ({
              ...{ name, version, state: "UNAVAILABLE" as const, reason: "not loaded" },
            }));
          const all = [...served, ...others];
          const answer: z.output<typeof indexAnswer> = ready
            ? all.filter(({ state }) => state === "READY")
            : all;
          return c.json(answer);
        }),
      );
      app.post(
        "/v2/repository/models/:model/load",
        gate.work("admin", async (c, ticket) => {
          await changeBody(c, gate, ticket);
          const name = c.req.param("model")!;
          const known = slots.find(name);
          if (known !== undefined) await change(() => known.load());
          else await change(() => loadBeside(slots, name));
          return c.json({});
        }),
      );
      app.post(
        "/v2/repository/models/:model/unload",
        gate.work("admin", async (c, ticket) => {
          await changeBody(c, gate, ticket);
          const name = c.req.param("model")!;
          const slot = slots.find(name);
          if (slot === undefined) throw new Problem(404, `There is no model "${name}"`);
          if (slot === slots.champion) {
            throw new Problem(409, `Cannot unload "${name}": it answers by default`);
          }
          await slot.unload();
          return c.json({});
        }),
      );
    },
  };
}

/** Makes a place for a model that is there; a wrong name leaves none behind. */
async function loadBeside(slots: Slots, name: string): Promise<void> {
  const free = slots.all.slice(slots.configured).find(({ unloaded }) => unloaded);
  if (free === undefined && slots.all.length >= MOST_PLACES) {
    throw new Problem(409, `Cannot load "${name}": ${MOST_PLACES} models are served already`);
  }
  const slot = free ?? slots.add(name);
  try {
    await slot.load(name);
  } catch (error) {
    await slot.unload(); // Nobody asks for it again by itself.
    throw error;
  }
}

function described(slot: Slot): z.output<typeof entry> {
  const { current, failure } = slot;
  return {
    name: current?.name ?? referencedName(slot.reference),
    version: current?.version ?? "",
    state: current === undefined ? "UNAVAILABLE" : "READY",
    reason: current === undefined ? failure?.reason ?? "unloaded" : "",
  };
}

async function optionalBody(c: AppContext, gate: Admission, ticket: Ticket): Promise<unknown> {
  const bytes = await gate.bytes(c, ticket);
  return bytes.length === 0 ? {} : parseJson(bytes);
}

async function changeBody(c: AppContext, gate: Admission, ticket: Ticket): Promise<void> {
  validBody(changeRequest, await optionalBody(c, gate, ticket), "Cannot change the models", 400);
}
