/** The runs that were. */

import { type ArtifactStore, readStoredJson } from "../artifact_store/mod.ts";
import type { RunRecord } from "../pipeline/mod.ts";
import { joinParts } from "./join_parts.ts";

/** All runs, newest first; the parts of an orchestrated run as one. */
export async function listRuns(store: ArtifactStore): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const { key } of store.list("runs/")) {
    const record = await readStoredJson<RunRecord>(store, key);
    if (record) records.push(record);
  }
  const runs = Map.groupBy(records, ({ run, partOf }) => partOf ?? run).values();
  return Array.from(runs, (parts) => parts[0].partOf === undefined ? parts[0] : joinParts(parts))
    .sort((a, b) => a.startedAt < b.startedAt ? 1 : -1);
}
