/**
 * One change of a model at a time, and none half done: the lock that a change is made under,
 * and the note of what it is about to do.
 */

import { join } from "@std/path";
import { z } from "zod";
import {
  ifPresent,
  type LockAnswer,
  removeIfPresent,
  tryFileLock,
  writeFileAtomic,
} from "../base/mod.ts";
import type { AuditEntry } from "./audit.ts";
import type { AliasState } from "./contract.ts";
import { parseEntry } from "./audit.ts";
import { deployment } from "./metadata.ts";

/** Where an alias pointed in a place before a change, and where it is to point. */
export interface PlannedMove {
  /** The place, as a registry tells it. */
  readonly place: string;
  /** Where it pointed; null if nowhere. */
  readonly before: AliasState | null;
  /** Where it is to point; null if nowhere. */
  readonly after: AliasState | null;
}

/** A change under way. */
export interface Journal {
  /** What is kept of it once it is done. */
  readonly entry: AuditEntry;
  /** What moves; the last place decides whether the change has happened. */
  readonly moves: readonly PlannedMove[];
}

const state = z.object({
  version: z.string(),
  bundle: z.string(),
  deployment: deployment.optional(),
}).nullable();

const journal = z.object({
  entry: z.unknown().transform((value, context): AuditEntry => {
    const entry = parseEntry(JSON.stringify(value));
    if (entry !== undefined) return entry;
    context.addIssue({ code: "custom", message: "is no entry" });
    return z.NEVER;
  }),
  moves: z.array(z.object({ place: z.string(), before: state, after: state })),
});

/** Takes the lock on the changes of a model, or tells who has it. */
export function lockModel(folder: string, name: string, what: string): LockAnswer {
  return tryFileLock(join(folder, `.lock_${encodeURIComponent(name)}`), what);
}

function journalPath(folder: string, name: string): string {
  return join(folder, `.pending_${encodeURIComponent(name)}.json`);
}

/** Whether a change was begun and is not settled. */
export async function hasJournal(folder: string, name: string): Promise<boolean> {
  return await readJournal(folder, name) !== undefined;
}

/** The change that was begun and is not settled. */
export async function readJournal(folder: string, name: string): Promise<Journal | undefined> {
  const text = await ifPresent(Deno.readTextFile(journalPath(folder, name)));
  return text === undefined ? undefined : journal.parse(JSON.parse(text));
}

/** Notes what is about to be done. */
export async function writeJournal(folder: string, journal: Journal): Promise<void> {
  await writeFileAtomic(
    journalPath(folder, journal.entry.name),
    JSON.stringify(journal, null, 2) + "\n",
  );
}

/** Takes the note away: all is done, or nothing. */
export async function removeJournal(folder: string, name: string): Promise<void> {
  await removeIfPresent(journalPath(folder, name));
}
