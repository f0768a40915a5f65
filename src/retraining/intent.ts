/** What is about to be decided, kept so that a kill between the move of an alias and the history loses nothing. */

import { join } from "@std/path";
import { ifPresent, parsedJson, removeIfPresent, writeFileAtomic } from "../base/mod.ts";
import type { FolderRegistry } from "../registry/mod.ts";
import { addDecision, readHistory, type RetrainDecision } from "../monitor_files/mod.ts";

const intentFile = (log: string, model: string) =>
  join(log, "monitoring", `deciding_${model}.json`);

/** Keeps a decision before it is carried out. */
export async function intend(log: string, decision: RetrainDecision): Promise<void> {
  await writeFileAtomic(intentFile(log, decision.model), JSON.stringify(decision));
}

/** Adds a decision to the history, and forgets what was intended. */
export async function conclude(log: string, decision: RetrainDecision): Promise<void> {
  await addDecision(log, decision);
  await removeIfPresent(intentFile(log, decision.model));
}

/**
 * Looks for what a process that was killed had intended: if it was carried out it is added to the
 * history, if not it is forgotten, and decided anew. Call it under the lock on the model.
 */
export async function concludeIntent(
  log: string,
  model: string,
  registry: FolderRegistry,
): Promise<void> {
  const text = await ifPresent(Deno.readTextFile(intentFile(log, model)));
  if (text === undefined) return;
  const intended = parsedJson(text) as RetrainDecision;
  const isKnown = (await readHistory(log)).some((one) =>
    one.model === model && one.timestamp === intended.timestamp
  );
  if (!isKnown && await isCarriedOut(intended, registry)) await addDecision(log, intended);
  await removeIfPresent(intentFile(log, model));
}

async function isCarriedOut(
  { model, decision, candidate }: RetrainDecision,
  registry: FolderRegistry,
): Promise<boolean> {
  const [champion, challenger] = await Promise.all(
    (["champion", "challenger"] as const).map(async (alias) =>
      (await registry.alias(model, alias))?.bundle
    ),
  );
  if (decision === "promoted") return champion === candidate;
  return decision === "challenger" ? challenger === candidate : challenger !== candidate;
}
