/** The files that code reaches, for those who know of no earlier run. */

import { toFileUrl } from "../base/mod.ts";
import type { KeptFacts } from "./read_facts.ts";

/** The files that a step's code reads by `import("…")`, as paths from `root`. */
export async function stepImports(
  file: string,
  root: string,
  step: string,
): Promise<readonly string[]> {
  const { readSources } = await import("./read_facts.ts");
  const { CodeMap } = await import("./code_map.ts");
  const { reachOf } = await import("./reach.ts");
  const url = toFileUrl(Deno.realPathSync(file)).href;
  const { files } = await readSources([url]);
  return reachOf(new CodeMap(files, Deno.realPathSync(root), url), url, step, []).imports ?? [];
}

/** The files that the one at `url` reaches, by their URLs, and the facts to keep. */
export async function reachedFiles(
  url: string,
  kept: KeptFacts | undefined,
): Promise<{ readonly urls: readonly string[]; readonly keep: KeptFacts }> {
  const { readSources } = await import("./read_facts.ts");
  const { files, keep } = await readSources([url], kept && [kept]);
  return { urls: [...files.keys()], keep };
}
