/**
 * Moving an alias in several places, in all or in none. What is to happen is noted first; the
 * last place decides whether it has happened. A process that is killed, or loses a registry on
 * the way, leaves the note, and whoever comes next brings all places to one side.
 */

import { ModelError, ServiceError, UserError } from "../base/mod.ts";
import { type AuditEntry, newEntry } from "./audit.ts";
import type { AliasName, AliasState, ModelRegistry } from "./contract.ts";
import type { FolderRegistry } from "./folder_registry.ts";
import { type Journal, readJournal, removeJournal, writeJournal } from "./journal.ts";
import type { Deployment } from "./metadata.ts";

/** A change of an alias. */
export interface AliasChange extends Pick<AuditEntry, "action" | "who" | "why" | "overruled"> {
  /** Name of the model. */
  readonly name: string;
  /** The alias. */
  readonly alias: AliasName;
  /** Files of the version that it is to point at in every place; null for nowhere. */
  readonly to: string | null;
  /** Files of the version that it is known to point at; another one refuses the change. */
  readonly from: string | null;
  /** How the version is deployed. */
  readonly deployment?: Deployment;
}

/** What came of a change. */
export interface MoveReport {
  /** What was kept of it. */
  readonly entry: AuditEntry;
  /** What is still to do, which the next command does; "" if nothing is. */
  readonly unfinished: string;
}

/**
 * Moves an alias in all places or in none, under the lock on the model.
 *
 * @param journal Folder of the note and of the lines about changes.
 * @param places Where it moves; the last decides. A folder comes last: its pointer is renamed
 * in one step, and its disk is near.
 * @throws {ModelError} if a place has no such version, or the alias has moved meanwhile.
 * @throws {ServiceError} if a place cannot be reached: then it moved nowhere, and where that
 * is not certain, the message says so.
 */
export async function moveTogether(
  journal: FolderRegistry,
  places: readonly ModelRegistry[],
  change: AliasChange,
): Promise<MoveReport> {
  const { name, alias, to, from, deployment, action, who, why, overruled } = change;
  const moves = await Promise.all(places.map(async (registry) => {
    const before = await registry.alias(name, alias) ?? null;
    if (to === null) return { place: registry.place, before, after: null };
    const version = (await registry.versions(name)).find(({ bundle }) => bundle === to)?.version;
    if (version === undefined) {
      throw new ModelError(`Cannot point ${alias} at ${to}: ${registry.place} has no such version`);
    }
    const after: AliasState = { version, bundle: to, ...deployment && { deployment } };
    return { place: registry.place, before, after };
  }));
  const now = moves.at(-1)!.before?.bundle ?? null;
  if (now !== from) {
    throw new ModelError(
      `Cannot move ${name}@${alias}: it points at ${now ?? "nothing"} now, not at ` +
        `${from ?? "nothing"}, which it was compared with`,
      { next: "somebody else moved it meanwhile: look at it and ask again" },
    );
  }
  const entry = newEntry({
    ...{ who, action, name, alias, from, to, why, places: places.map(({ place }) => place) },
    ...overruled && overruled.length > 0 && { overruled },
    ...deployment && { deployment },
  });
  const planned: Journal = { entry, moves };
  await writeJournal(journal.folder, planned);
  for (const [index, registry] of places.entries()) {
    try {
      await moveTo(registry, name, alias, moves[index].after);
    } catch (error) {
      await backOut(journal, places.slice(0, index + 1), planned, error);
    }
  }
  return { entry, unfinished: await keep(journal, places, entry) };
}

/** What an interrupted change came to. */
export interface Settled {
  /** The change. */
  readonly entry: AuditEntry;
  /** Whether it has happened, everywhere; else it has nowhere. */
  readonly happened: boolean;
}

/**
 * Brings a change that was interrupted to its end, or takes it back: under the lock on the model.
 *
 * @param open Opens a place that the note names.
 * @returns What it came to; undefined if none was interrupted.
 * @throws {ServiceError} if a place cannot be reached: the note stays.
 */
export async function settle(
  journal: FolderRegistry,
  name: string,
  open: (place: string) => ModelRegistry,
): Promise<Settled | undefined> {
  const left = await readJournal(journal.folder, name);
  if (left === undefined) return undefined;
  const { entry, moves } = left;
  const alias = entry.alias as AliasName;
  const places = moves.map(({ place }) => place === journal.place ? journal : open(place));
  try {
    const last = moves.at(-1)!;
    const happened = same(await places.at(-1)!.alias(name, alias), last.after);
    for (const [index, registry] of places.entries()) {
      const { before, after } = moves[index];
      await moveTo(registry, name, alias, happened ? after : before);
    }
    if (!happened) await removeJournal(journal.folder, name);
    else {
      const unfinished = await keep(journal, places, entry);
      if (unfinished !== "") throw new ServiceError(unfinished);
    }
    return { entry, happened };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new ServiceError(
      `Cannot change ${name}: an earlier ${entry.action} (${entry.from ?? "nothing"} → ` +
        `${entry.to ?? "nothing"}) was interrupted and cannot be settled: ${cause.message}`,
      { cause, next: `ask again once ${places[0].place} answers` },
    );
  }
}

/** Moves an alias unless it is there already. */
async function moveTo(
  registry: ModelRegistry,
  name: string,
  alias: AliasName,
  to: AliasState | null,
): Promise<void> {
  if (same(await registry.alias(name, alias), to)) return;
  await registry.point(name, alias, to ?? undefined);
}

function same(a: AliasState | null | undefined, b: AliasState | null | undefined): boolean {
  return a?.version === b?.version && a?.deployment?.since === b?.deployment?.since;
}

/** Takes back what moved, and says whether that is certain. */
async function backOut(
  journal: FolderRegistry,
  places: readonly ModelRegistry[],
  { entry, moves }: Journal,
  cause: unknown,
): Promise<never> {
  const { name, action } = entry;
  const alias = entry.alias as AliasName;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const doubtful: string[] = [];
  for (const [index, registry] of places.entries()) {
    try {
      await moveTo(registry, name, alias, moves[index].before);
    } catch {
      doubtful.push(registry.place);
    }
  }
  const stays = `${name}@${alias} stays at ${entry.from ?? "nothing"}`;
  if (doubtful.length === 0) {
    await removeJournal(journal.folder, name);
    throw new ServiceError(`Cannot ${action} ${name}: ${reason}; ${stays} in every place`, {
      cause,
      next: "ask again once the registry answers",
    });
  }
  throw new ServiceError(
    `Cannot ${action} ${name}: ${reason}; ${stays}; what ${doubtful.join(", ")} made of it is ` +
      "not known, and is taken back by the next command about this model that reaches it",
    { cause, next: `run deno task models show ${name} once the registry answers` },
  );
}

/** Keeps the entry in every place and takes the note away; tells what could not be kept. */
async function keep(
  journal: FolderRegistry,
  places: readonly ModelRegistry[],
  entry: AuditEntry,
): Promise<string> {
  await journal.record(entry);
  for (const registry of places) {
    if (registry === journal) continue;
    try {
      await registry.record(entry);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `${registry.place} does not have the entry about it yet (${error.message}); the ` +
        "next command about this model adds it";
    }
  }
  await removeJournal(journal.folder, entry.name);
  return "";
}
