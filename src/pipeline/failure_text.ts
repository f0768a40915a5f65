/** What helps after a failure. */

import type { Pipeline } from "./definition.ts";
import { unitName } from "./graph.ts";
import { objectKey } from "./store/artifacts.ts";
import type { LocalStore } from "./store/local_store.ts";
import type { UnitFailure } from "./unit.ts";

/** Artifacts of one input that are named after a failure. */
const SHOWN_ARTIFACTS = 5;

/** What the step worked with, and how to go on. */
export function failureText(
  { unit, artifacts }: UnitFailure,
  pipeline: Pipeline,
  params: Readonly<Record<string, string>>,
  store: LocalStore,
): string {
  const width = Math.max(...Object.keys(artifacts).map((name) => name.length));
  const lines = Object.entries(artifacts).flatMap(([name, digests]) => {
    const more = digests.length - SHOWN_ARTIFACTS;
    const paths = digests.slice(0, SHOWN_ARTIFACTS).map((digest) => store.path(objectKey(digest)));
    return [...paths, ...more > 0 ? [`and ${more} more`] : []]
      .map((text, index) => `  ${(index === 0 ? name : "").padEnd(width)}  ${text}`);
  });
  if (lines.length > 0) lines.unshift(`inputs of ${unitName(unit.step, unit.item)}:`);
  const given = Object.entries(params).map(([name, value]) => ` --param '${name}=${value}'`);
  if (pipeline.cache !== false) {
    const again = `deno task pipeline ${pipeline.name}${given.join("")}`;
    lines.push(`finished steps are kept; go on with: ${again}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
