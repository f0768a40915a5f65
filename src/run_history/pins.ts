/** Runs whose outputs are kept whatever is cleaned up. */

import { type ArtifactStore, readStoredJson, writeJson } from "../artifact_store/mod.ts";

const PINS = "pins.json";

/** The names of the runs that are pinned. */
export async function listPins(store: ArtifactStore): Promise<string[]> {
  return await readStoredJson<string[]>(store, PINS) ?? [];
}

/** Pins a run, or lets it go again. */
export async function setPin(store: ArtifactStore, run: string, pinned: boolean): Promise<void> {
  const others = (await listPins(store)).filter((name) => name !== run);
  await writeJson(store, PINS, pinned ? [...others, run] : others);
}
