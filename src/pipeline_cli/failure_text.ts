/** What helps after a failure. */

import { join, relative, resolve } from "../base/mod.ts";
import { type Pipeline, type UnitFailure, unitName } from "../pipeline/mod.ts";
import { objectKey } from "../artifact_store/mod.ts";

/** Artifacts of one input that are named after a failure. */
const SHOWN_ARTIFACTS = 5;

/** What the step worked with, kept below `home`, and how to go on. */
export function failureText(
  { unit, artifacts }: UnitFailure,
  pipeline: Pipeline,
  args: readonly string[],
  home: string,
): string {
  const width = Math.max(...Object.keys(artifacts).map((name) => name.length));
  const lines = Object.entries(artifacts).flatMap(([name, digests]) => {
    const more = digests.length - SHOWN_ARTIFACTS;
    const paths = digests.slice(0, SHOWN_ARTIFACTS).map((digest) =>
      relative(Deno.cwd(), join(resolve(home), objectKey(digest)))
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
