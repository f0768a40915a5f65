/** Removes kept outputs that no recent run needs. */

import { UserError } from "../../base/mod.ts";
import type { StepRecord } from "../cache/step_cache.ts";
import { Artifacts, objectKey } from "../store/artifacts.ts";
import { type ArtifactStore, readJson } from "../store/store.ts";
import { GC, listActive, markActive } from "./active.ts";
import { listRuns } from "./run_record.ts";

/** What a clean-up did. */
export interface GcResult {
  /** Objects that were removed. */
  readonly removed: number;
  /** Bytes that this freed. */
  readonly freed: number;
  /** Objects that stay. */
  readonly kept: number;
}

/**
 * Removes what the newest `keep` runs of each pipeline neither made nor used.
 *
 * @throws {UserError} while a run is under way.
 */
export async function collectGarbage(store: ArtifactStore, keep: number): Promise<GcResult> {
  await using mark = await markActive(store, GC);
  mark.renew();
  const running = (await listActive(store)).filter((name) => name !== GC);
  if (running.length > 0) {
    throw new UserError(`Cannot clean up while ${running.join(", ")} is under way`, {
      next: "wait until it is done",
    });
  }
  const runs = new Set<string>();
  const fingerprints = new Set<string>();
  const seen = new Map<string, number>();
  for (const { run, pipeline, units } of await listRuns(store)) {
    const count = (seen.get(pipeline) ?? 0) + 1;
    seen.set(pipeline, count);
    if (count > keep) continue;
    runs.add(run);
    for (const { fingerprint } of units) if (fingerprint) fingerprints.add(fingerprint);
  }
  const artifacts = new Artifacts(store);
  const needed = new Set<string>();
  const outdated: string[] = [];
  for await (const { key } of store.list("steps/")) {
    const record = await readJson<StepRecord>(store, key);
    const fingerprint = key.slice(key.lastIndexOf("/") + 1, -".json".length);
    if (record && (fingerprints.has(fingerprint) || runs.has(record.run))) {
      for (const digest of await artifacts.objectsOf(record.output.digest)) {
        needed.add(objectKey(digest));
      }
    } else outdated.push(key);
  }
  for (const key of outdated) await store.remove(key);
  let removed = 0;
  let freed = 0;
  let kept = 0;
  for await (const { key, size } of store.list("objects/")) {
    if (needed.has(key)) kept++;
    else {
      await store.remove(key);
      removed++;
      freed += size;
    }
  }
  return { removed, freed, kept };
}
