/** Served models as tools of the advisor, asked over their own routes with the caller's own key. */

import { type AnyTool, type AskRoute, modelTool, recordOf } from "../../src/advisor/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { AppContext } from "../http/admission.ts";
import type { Places } from "../model/model_directory.ts";

/** What a caller's key is in, and whom it keeps with one model. */
const passedOn = ["authorization", "x-api-key", "x-routing-key", "x-forwarded-for", "forwarded"];

/** Sends requests to the application by the rights of who asks. */
export function askAs(
  c: AppContext,
  fetch: (request: Request, env: AppContext["env"]) => Response | Promise<Response>,
): AskRoute {
  const headers = new Headers({ "content-type": "application/json" });
  for (const name of passedOn) {
    const value = c.req.raw.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const remoteAddr = c.env?.remoteAddr;
  return async (path, body, signal) => {
    const url = new URL(path, c.req.url);
    const init = { method: "POST", headers, body: JSON.stringify(body), signal };
    return await fetch(new Request(url, init), { remoteAddr });
  };
}

/** What a model is for, where it says no more than its task. */
function meaningOf({ name, model_name, task, class_labels }: ModelMetadata): string {
  const which = name ?? model_name;
  if (task.kind === "anomaly") return `Scores how unusual a record is (${which}).`;
  if (task.kind === "spans") return `Finds names of people, places and firms in a text (${which}).`;
  if (class_labels.length > 0) {
    return `Predicts ${which}: the probabilities of ${class_labels.slice(0, 12).join(", ")}.`;
  }
  return `Predicts ${which} as a number.`;
}

/** Tools of those models that are in memory, of the names that the settings have. */
export function modelTools(
  names: readonly string[],
  places: Pick<Places, "find">,
  ask: AskRoute,
): AnyTool[] {
  return names.flatMap((name): AnyTool[] => {
    const current = places.find(name)?.current;
    if (current === undefined || name === "advice") return [];
    const { metadata } = current;
    const columns = metadata.input_schema.map(({ name, kind, description, categories }) => ({
      ...{ name, type: kind },
      ...description !== undefined && { description },
      ...categories !== undefined && categories.length <= 50 && { values: categories },
    }));
    return [modelTool({
      name: `model_${name.replaceAll(/[^\w]/g, "_").slice(0, 58)}`,
      description: `${meaningOf(metadata)} Give only what the user said; leave the rest out.`,
      path: `/predict/${encodeURIComponent(name)}`,
      ...{ input: recordOf(columns), ask },
    })];
  });
}
