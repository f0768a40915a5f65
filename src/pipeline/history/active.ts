/** Marks of what is under way in a store, so that clean-up and runs keep out of each other's way. */

import { denoCommand } from "../process/deno_command.ts";
import { type ArtifactStore, readJson, writeJson } from "../store/store.ts";

interface Mark {
  readonly pid: number;
  readonly host: string;
}

/** The mark of a clean-up. */
export const GC = "gc";

/** A mark of another machine counts for so long after it was last renewed. */
const COUNTS_FOR = 10 * 60 * 1000;
const RENEWED_EVERY = 60 * 1000;
const LOOKS_EVERY = 100;

/** The mark of a run or clean-up, there until it is disposed of. */
export interface ActiveMark extends AsyncDisposable {
  /** Renews the mark from now on: what is under way may take its time. */
  renew(): void;
}

/** Marks a run or clean-up as under way. */
export async function markActive(store: ArtifactStore, name: string): Promise<ActiveMark> {
  const key = keyOf(name);
  const mark: Mark = { pid: Deno.pid, host: Deno.hostname() };
  await writeJson(store, key, mark);
  let renewal: ReturnType<typeof setInterval> | undefined;
  return {
    renew: () => {
      // Not at once, because a start pays for its first timer as much as for all else here.
      renewal ??= setInterval(
        () => void writeJson(store, key, mark).catch(() => {}),
        RENEWED_EVERY,
      );
      Deno.unrefTimer(Number(renewal));
    },
    [Symbol.asyncDispose]: async () => {
      if (renewal !== undefined) clearInterval(renewal);
      await store.remove(key);
    },
  };
}

function keyOf(name: string): string {
  return `active/${name}.json`;
}

/** The names of what is under way; marks of processes that are gone are removed. */
export async function listActive(store: ArtifactStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { key, writtenAt } of store.list("active/")) {
    const mark = await readJson<Mark>(store, key);
    if (mark === undefined) continue;
    const local = mark.host === Deno.hostname();
    const alive = (local ? await isRunning(mark.pid) : undefined) ??
      Date.now() - writtenAt < COUNTS_FOR;
    if (alive) names.push(key.slice("active/".length, -".json".length));
    else await store.remove(key);
  }
  return names;
}

/** Waits until no clean-up is under way. */
export async function afterGc(store: ArtifactStore, signal?: AbortSignal): Promise<void> {
  while (await isMarked(store, GC) && (await listActive(store)).includes(GC)) {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY));
  }
}

/** Whether there is a mark, whoever left it. */
async function isMarked(store: ArtifactStore, name: string): Promise<boolean> {
  for await (const { key } of store.list("active/")) if (key === keyOf(name)) return true;
  return false;
}

/**
 * Whether a process is there; undefined where that cannot be found out. Another process asks, as
 * this one may run few programs and so signal to none.
 */
async function isRunning(pid: number): Promise<boolean | undefined> {
  const ask = `try { process.kill(${pid}, 0); } catch ({ code }) {
    if (code !== "EPERM") Deno.exit(1); // else it is there, but of another user
  }`;
  try {
    const asking = await denoCommand(["eval", "--no-config", "--no-lock", ask]);
    return (await asking.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
