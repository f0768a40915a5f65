/** What is under way in a store, so that clean-up and runs keep out of each other's way. */

import { holderText, isReadOnly, type LockHolder, UserError } from "../../base/mod.ts";
import { type ArtifactStore, waitForLock } from "../../artifact_store/mod.ts";

const RUNS = "locks/runs/";
/** The lock of a clean-up. */
export const GC = "locks/gc";

/** Seconds that a clean-up waits for one that seems to be under way: runs look whether it is. */
const PATIENCE = 2;

/**
 * Marks a run as under way, until this is disposed of or the process ends. Where nothing may be
 * written there is no mark: nobody who may not write either cleans up.
 */
export async function markActive(store: ArtifactStore, run: string): Promise<Disposable> {
  try {
    const answer = await waitForLock(store, `${RUNS}${run}`, run);
    if ("lock" in answer) return answer.lock;
    throw new Error(`Another process has the name ${run}`);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    return { [Symbol.dispose]: () => {} };
  }
}

/** Marks a clean-up. @throws {UserError} while another one, or a run, is under way. */
export async function markGc(store: ArtifactStore): Promise<Disposable> {
  const answer = await waitForLock(store, GC, "a clean-up", { seconds: PATIENCE });
  const under = "lock" in answer ? await listActive(store) : [answer.holder];
  if ("lock" in answer && under.length === 0) return answer.lock;
  if ("lock" in answer) answer.lock[Symbol.dispose]();
  throw new UserError(`Cannot clean up while ${under.map(holderText).join(", ")} is under way`, {
    next: "wait until it is done",
  });
}

/** The runs that are under way. */
async function listActive(store: ArtifactStore): Promise<LockHolder[]> {
  const holders: LockHolder[] = [];
  for await (const { key } of store.list(RUNS)) {
    const answer = store.tryLock(key, "a clean-up");
    if ("holder" in answer) holders.push(answer.holder);
    else answer.lock[Symbol.dispose](); // its process is gone
  }
  return holders;
}

/** Waits until no clean-up is under way. */
export async function afterGc(store: ArtifactStore, signal?: AbortSignal): Promise<void> {
  try {
    if (await store.read(GC) === undefined) return;
    const answer = await waitForLock(store, GC, "a look for a clean-up", { signal });
    if ("lock" in answer) answer.lock[Symbol.dispose]();
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}
