/** What helps after a failure. */

import { relative } from "../../base/mod.ts";
import type { Pipeline } from "../define/definition.ts";
import { unitName } from "../define/graph.ts";
import { objectKey } from "../store/artifacts.ts";
import type { LocalStore } from "../store/local_store.ts";
import type { UnitFailure } from "../run/unit_failure.ts";

/** Artifacts of one input that are named after a failure. */
const SHOWN_ARTIFACTS = 5;

/** What the step worked with, and how to go on. */
export function failureText(
  { unit, artifacts }: UnitFailure,
  pipeline: Pipeline,
  args: readonly string[],
  store: LocalStore,
): string {
  const width = Math.max(...Object.keys(artifacts).map((name) => name.length));
  const lines = Object.entries(artifacts).flatMap(([name, digests]) => {
    const more = digests.length - SHOWN_ARTIFACTS;
    const paths = digests.slice(0, SHOWN_ARTIFACTS).map((digest) =>
      relative(Deno.cwd(), store.path(objectKey(digest)))
    );
    return [...paths, ...more > 0 ? [`and ${more} more`] : []]
      .map((text, index) => `  ${(index === 0 ? name : "").padEnd(width)}  ${text}`);
  });
  if (lines.length > 0) lines.unshift(`inputs of ${unitName(unit.step, unit.item)}:`);
  if (pipeline.cache !== false) {
    const again = ["deno task pipeline", pipeline.name, ...args].join(" ");
    lines.push(`finished steps are kept; go on with: ${again}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
