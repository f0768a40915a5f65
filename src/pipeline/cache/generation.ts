/** Whether records of a pipeline were written since they were read. */

import { isReadOnly } from "../../base/mod.ts";
import { type ArtifactStore, readStoredJson, writeJson } from "../../artifact_store/mod.ts";

/**
 * The generation of a pipeline's records: another one before a run writes the first, between two of
 * them if another run came in, and after it wrote the last. So what was read of them stands
 * where the generation is the same, and one name answers for all.
 */
export async function openGeneration(store: ArtifactStore, pipeline: string) {
  const key = keyOf(pipeline);
  const renew = () => renewGeneration(store, pipeline);
  const name = await readStoredJson<string>(store, key) ?? await renew().catch((error) => {
    if (isReadOnly(error)) return "none";
    throw error;
  });
  let begun: Promise<string> | undefined;
  return {
    name,
    begin: async () => {
      const mine = begun && await begun === await readStoredJson<string>(store, key);
      if (!mine) begun = renew();
      await begun;
    },
    end: async () => begun === undefined ? name : await renew(),
  };
}

/** Begins another generation. */
export async function renewGeneration(store: ArtifactStore, pipeline: string): Promise<string> {
  const name = crypto.randomUUID();
  await writeJson(store, keyOf(pipeline), name);
  return name;
}

function keyOf(pipeline: string): string {
  return `steps/${pipeline}/@generation.json`;
}
