/** What is known of modules, kept by pipeline: more than a run reads of which nothing has changed. */

import { type ArtifactStore, readStoredJson, writeJson } from "../../artifact_store/mod.ts";
import type { KeptFacts } from "../../step_code/mod.ts";

interface KeptModules {
  readonly code?: KeptFacts;
}

const folder = "facts/";
const keyOf = (pipeline: string) => `${folder}${pipeline}.json`;

/**
 * What is known of the modules that a pipeline reaches. Before its first run that is what other
 * pipelines have found out: most of what it reaches they reach too.
 */
export async function readModules(store: ArtifactStore, pipeline: string): Promise<KeptFacts[]> {
  const own = await readStoredJson<KeptModules>(store, keyOf(pipeline));
  if (own?.code !== undefined) return [own.code];
  const found: KeptFacts[] = [];
  for await (const { key } of store.list(folder)) {
    const others = await readStoredJson<KeptModules>(store, key);
    if (others?.code !== undefined) found.push(others.code);
  }
  return found;
}

/** Keeps what is known of the modules that a pipeline reaches. */
export function writeModules(
  store: ArtifactStore,
  pipeline: string,
  code: KeptFacts,
): Promise<void> {
  return writeJson(store, keyOf(pipeline), { code } satisfies KeptModules);
}
