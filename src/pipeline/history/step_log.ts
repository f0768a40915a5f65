/** What the steps of a run have told and printed, kept with the run. */

import { digestOf } from "../../base/mod.ts";
import type { EventOf, RunEvent, Unit } from "../../run_events/mod.ts";
import { type ArtifactStore, readStoredJson, writeJson } from "../../artifact_store/mod.ts";

/** Something that a step told: a line, a warning, an error. */
export type LogEntry = {
  readonly [Type in "log" | "warning" | "output" | "step_retried" | "step_finished"]: Omit<
    EventOf<Type>,
    "step" | "item"
  >;
}["log" | "warning" | "output" | "step_retried" | "step_finished"];

/** All of one step or item. */
export interface StepLog extends Unit {
  /** In the order in which it came. */
  readonly entries: readonly LogEntry[];
  /** Entries in the midst that are left out. */
  readonly leftOut: number;
}

/** Entries that are kept from the beginning, and as many up to the end. */
const KEPT = 2000;

/** Collects what units tell and writes it when they end. */
export class StepLogs {
  readonly #open = new Map<string, { unit: Unit; entries: LogEntry[]; leftOut: number }>();
  readonly #writing = new Set<Promise<void>>();

  /** Takes where logs are kept. */
  constructor(private readonly store: ArtifactStore) {}

  take(run: string, event: RunEvent & Unit): void {
    const { step, item, ...entry } = event;
    const key = JSON.stringify([step, item]);
    const ended = entry.type === "step_finished";
    if (ended && entry.status === "cached") return void this.#open.delete(key); // told before
    const known = this.#open.get(key);
    if (isEntry(entry) && (!ended || entry.error)) {
      const log = known ??
        { unit: { step, ...item !== undefined && { item } }, entries: [], leftOut: 0 };
      log.entries.push(entry);
      if (log.entries.length > 3 * KEPT) log.leftOut += log.entries.splice(KEPT, KEPT).length;
      this.#open.set(key, log);
    }
    if (ended && this.#open.has(key)) this.#write(run, key);
  }

  /** Writes what is open and waits until all is written. */
  async end(run: string): Promise<void> {
    for (const key of this.#open.keys()) this.#write(run, key);
    await Promise.all(this.#writing);
  }

  #write(run: string, key: string): void {
    const { unit, entries, leftOut } = this.#open.get(key)!;
    this.#open.delete(key);
    const write = async () =>
      await writeJson(this.store, await logKey(run, unit), { ...unit, entries, leftOut });
    const writing = write().finally(() => this.#writing.delete(writing));
    writing.catch(() => {}); // told at the end
    this.#writing.add(writing);
  }
}

function isEntry(event: { readonly type: string }): event is LogEntry {
  return ["log", "warning", "output", "step_retried", "step_finished"].includes(event.type);
}

/** Where the logs of a run are. */
export function logFolder(run: string): string {
  return `logs/${run}/`;
}

async function logKey(run: string, { step, item }: Unit): Promise<string> {
  const leaf = item === undefined ? "step" : (await digestOf(item)).slice(0, 24);
  return `${logFolder(run)}${step}@${leaf}.json`;
}

/** The logs of a run's steps that told something, in the order in which they began to. */
export async function readLogs(store: ArtifactStore, run: string): Promise<StepLog[]> {
  const logs: StepLog[] = [];
  for await (const { key } of store.list(logFolder(run))) {
    const log = await readStoredJson<StepLog>(store, key);
    if (log) logs.push(log);
  }
  return logs.sort((a, b) => (a.entries[0]?.at ?? "") < (b.entries[0]?.at ?? "") ? -1 : 1);
}
