/** A served model of texts that says how little a question is like any it knows. */

import type { AskRoute, OutOfScope } from "../../src/advisor/mod.ts";
import type { Places } from "../model/model_directory.ts";

/**
 * Asks a served model by its route; undefined where it is not in memory or reads no text. One that
 * says nothing of its scope has no say: words decide alone then.
 */
export function scopeModel(
  name: string,
  places: Pick<Places, "find">,
  ask: AskRoute,
): OutOfScope | undefined {
  const columns = places.find(name)?.current?.metadata.input_schema ?? [];
  const column = columns.find(({ freeText }) => freeText)?.name;
  if (column === undefined) return undefined;
  return async (question, signal = new AbortController().signal) => {
    const record = { [column]: question };
    const response = await ask(`/predict/${encodeURIComponent(name)}`, record, signal);
    const answer = await response.json() as { readonly out_of_scope?: unknown };
    return response.ok && typeof answer.out_of_scope === "number" ? answer.out_of_scope : undefined;
  };
}
