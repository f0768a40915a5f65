/** What the code of steps imports if no run has kept it. */

import { toFileUrl } from "../base/mod.ts";
import { readSources } from "./read_facts.ts";

/** The files that a step's code reads by `import("…")`, as paths from `root`. */
export async function stepImports(
  file: string,
  root: string,
  step: string,
): Promise<readonly string[]> {
  const { CodeMap } = await import("./code_map.ts");
  const { reachOf } = await import("./reach.ts");
  const url = toFileUrl(Deno.realPathSync(file)).href;
  const { files } = await readSources([url]);
  return reachOf(new CodeMap(files, Deno.realPathSync(root), url), url, step, []).imports ?? [];
}
