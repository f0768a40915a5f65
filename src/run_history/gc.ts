/** Removes kept outputs that no recent run needs. */

import { Artifacts, type ArtifactStore, objectKey, readStoredJson } from "../artifact_store/mod.ts";
import { GC, logFolder, markGc, type RunRecord, type StepRecord } from "../pipeline/mod.ts";
import { listPins } from "./pins.ts";
import { listRuns } from "./list_runs.ts";

/** What a clean-up did. */
export interface GcResult {
  /** Objects that were removed. */
  readonly removed: number;
  /** Bytes that this freed. */
  readonly freed: number;
  /** Objects that stay. */
  readonly kept: number;
}

/** What a clean-up leaves beside what runs need. */
export interface GcLimits {
  /** What was written since then, in milliseconds since 1970. */
  readonly before?: number;
  /** Runs that are pinned elsewhere. */
  readonly pinned?: readonly string[];
}

/**
 * Removes what no run needs that is to be kept: of each pipeline the newest `keep` that succeeded
 * whole, as many of the others, and all that are pinned. What a run needs is what it made or used.
 *
 * @throws {UserError} while a run or another clean-up is under way.
 */
export async function collectGarbage(
  store: ArtifactStore,
  keep: number,
  { before = Infinity, pinned = [] }: GcLimits = {},
): Promise<GcResult> {
  using _mark = await markGc(store);
  const runs = new Set<string>();
  const fingerprints = new Set<string>();
  const others: string[] = [];
  const pins = [...pinned, ...await listPins(store)];
  const seen = new Map<string, number>();
  for (const record of await listRuns(store)) {
    const kind = `${record.pipeline} ${isWhole(record)}`;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (count > keep && !pins.includes(record.run)) {
      others.push(record.run);
      continue;
    }
    runs.add(record.run);
    for (const { fingerprint } of record.units) if (fingerprint) fingerprints.add(fingerprint);
  }
  const artifacts = new Artifacts(store);
  const needed = new Set<string>();
  const outdated: string[] = [];
  for await (const { key, writtenAt } of store.list("steps/")) {
    const record = await readStoredJson<StepRecord>(store, key);
    const fingerprint = key.slice(key.lastIndexOf("/") + 1, -".json".length);
    const stays = fingerprints.has(fingerprint) || writtenAt >= before;
    if (record && (stays || runs.has(record.run))) {
      for (const digest of await artifacts.objectsOf(record.output.digest)) {
        needed.add(objectKey(digest));
      }
    } else outdated.push(key);
  }
  for (const key of outdated) await store.remove(key);
  for (const run of others) {
    for await (const { key } of store.list(logFolder(run))) await store.remove(key);
  }
  await forgetWriters(store);
  let removed = 0;
  let freed = 0;
  let kept = 0;
  for await (const { key, size, writtenAt } of store.list("objects/")) {
    if (needed.has(key) || writtenAt >= before) kept++;
    else {
      await store.remove(key);
      removed++;
      freed += size;
    }
  }
  return { removed, freed, kept };
}

/** Removes what killed runs left of their locks, and who wrote what is not kept any more. */
async function forgetWriters(store: ArtifactStore): Promise<void> {
  for await (const { key } of store.list("locks/")) {
    const answer = key === GC ? undefined : store.tryLock(key, "a clean-up");
    if (answer && "lock" in answer) answer.lock[Symbol.dispose]();
  }
  for await (const { key } of store.list("claims/")) {
    const claim = await readStoredJson<{ readonly record: string }>(store, key);
    if (!claim || await store.read(claim.record) === undefined) await store.remove(key);
  }
}

/** Whether a run came to an end with all its steps, so that others cannot take its place. */
function isWhole({ status, partial }: RunRecord): boolean {
  return status === "succeeded" && partial === undefined;
}
