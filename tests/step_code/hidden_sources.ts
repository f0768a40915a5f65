/** Small pipelines for the contracts about what does not look like an effect, a read or a parameter. */

import { assert } from "@std/assert";
import { type Edit, edited, type Files, Versions } from "./versions.ts";

/** The parts of a pipeline's file. */
export interface Source {
  /** What stands above the pipeline. */
  readonly top?: string;
  /** The wiring. */
  readonly body?: string;
  /** All of the pipeline's file. */
  readonly raw?: string;
}

const params = `z.object({
  k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"),
  l: z.array(z.number()).default([1, 2]),
})`;

/** The files of a pipeline with parameters `k`, `j`, `s` and `l`. */
export function filesOf({ top = "", body = "", raw }: Source, more: Files = {}): Files {
  const wired = `import { pipeline } from "@pipeline";
import { z } from "zod";
${top}
export default pipeline("p", { description: "", params: ${params} },
  ({ step, each, file, resource, params }: any) => {
${body}
});`;
  return { "p.ts": raw ?? wired, ...more };
}

/** Runs a pipeline, edits it and runs it again, with the cache and without. */
export async function differs(files: Files, edits: readonly Edit[]): Promise<void> {
  await using versions = await Versions.create();
  const before = await (await versions.load(files)).run();
  const after = await (await versions.load(edited(files, edits))).checked();
  assert(before.told !== after.told, `The edit changes nothing: ${before.told}`);
}

/** What effects change, and reads count. */
export const state = "const cfg: any = { x: 0 }; let n = 0;";
