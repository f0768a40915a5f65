/** What happened to models, one line for each change: who, when, from what, to what, and why. */

import { appendJsonLines, ifPresent, parsedJson } from "../base/mod.ts";
import { join } from "@std/path";
import { z } from "zod";
import type { Deployment } from "./metadata.ts";
import { deployment } from "./metadata.ts";

/** What can happen to a model. */
export const auditActions = [
  ...["publish", "register", "promote", "rollback", "challenger", "archive", "restore", "prune"],
] as const;

/** A change of a model. */
export interface AuditEntry {
  /** Tells it from all others. */
  readonly id: string;
  /** When, ISO 8601. */
  readonly time: string;
  /** Who asked for it. */
  readonly who: string;
  /** What was done, one of {@linkcode auditActions}. */
  readonly action: string;
  /** Name of the model. */
  readonly name: string;
  /** The alias that moved; absent if none did. */
  readonly alias?: string;
  /** Files of the version before, as `<model_name>_v_<moment>`; null if there was none. */
  readonly from: string | null;
  /** Files of the version after; null if there is none. */
  readonly to: string | null;
  /** The reason that was given. */
  readonly why: string;
  /** What the checklist refused and was overruled. */
  readonly overruled?: readonly string[];
  /** How the version is deployed from now on. */
  readonly deployment?: Deployment;
  /** Where the change happened. */
  readonly places: readonly string[];
}

const auditEntry: z.ZodType<AuditEntry> = z.object({
  id: z.string(),
  time: z.string(),
  who: z.string(),
  action: z.string(),
  name: z.string(),
  alias: z.string().optional(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  why: z.string(),
  overruled: z.array(z.string()).optional(),
  deployment: deployment.optional(),
  places: z.array(z.string()),
});

/** The file of a models folder. */
export const auditFile = "audit.jsonl";

/** A new entry of now. */
export function newEntry(entry: Omit<AuditEntry, "id" | "time">): AuditEntry {
  return { id: crypto.randomUUID(), time: new Date().toISOString(), ...entry };
}

/** Reads an entry; undefined if a text is none, as a line that was cut by a full disk. */
export function parseEntry(text: string): AuditEntry | undefined {
  return auditEntry.safeParse(parsedJson(text)).data;
}

/** The entries of a folder, oldest first; none if there is no file. */
export async function readAudit(folder: string): Promise<AuditEntry[]> {
  const text = await ifPresent(Deno.readTextFile(join(folder, auditFile))) ?? "";
  return text.split("\n").map(parseEntry).filter((entry) => entry !== undefined);
}

/** Appends a line to the file of a folder, in one call and onto the disk. */
export async function appendAudit(folder: string, entry: AuditEntry): Promise<void> {
  await appendJsonLines(join(folder, auditFile), [entry]);
}

/** A version that was champion, with how it was deployed. */
export interface EarlierChampion {
  /** What its files are called. */
  readonly bundle: string;
  /** How it was deployed; absent if nobody deployed it by hand. */
  readonly deployment?: Deployment;
}

/**
 * The champions before the current one, the last first: what a rollback goes back to. A
 * promotion puts one on top, a rollback takes those off that it goes back past.
 *
 * @param history What happened to the model, oldest first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const entry = (action: string, from: string | null, to: string) => (
 *   { id: to, time: "", who: "ada", action, name: "loans", alias: "champion", from, to, why: "", places: [] }
 * );
 * const history = [entry("promote", "a", "b"), entry("promote", "b", "c")];
 * assertEquals(earlierChampions(history).map(({ bundle }) => bundle), ["b", "a"]);
 * const back = [...history, entry("rollback", "c", "b")];
 * assertEquals(earlierChampions(back).map(({ bundle }) => bundle), ["a"]);
 * ```
 */
export function earlierChampions(history: readonly AuditEntry[]): EarlierChampion[] {
  const stack: EarlierChampion[] = [];
  for (const { alias, action, from, to, deployment } of history) {
    if (alias !== "champion" || to === null) continue;
    const place = stack.findLastIndex(({ bundle }) => bundle === to);
    if (action === "rollback" && place >= 0) stack.length = place;
    else if (from !== null && from !== stack.at(-1)?.bundle) stack.push({ bundle: from });
    stack.push({ bundle: to, ...deployment && { deployment } });
  }
  const current = stack.pop();
  return stack.filter(({ bundle }) => bundle !== current?.bundle).reverse();
}
