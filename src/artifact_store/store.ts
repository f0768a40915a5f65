/** Where runs keep what they make: a flat map from keys to bytes. */

import type { LockAnswer, LockHolder } from "../base/mod.ts";

/** Something in a store. */
export interface StoredEntry {
  /** Its key. */
  readonly key: string;
  /** Its size in bytes. */
  readonly size: number;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenAt: number;
}

/**
 * A map from keys to bytes, made so small that a folder, an object store or a
 * test can be one. Keys are like `objects/ab/cd…`: parts of letters, digits and
 * `._-@%=`, separated by `/`.
 *
 * A reader sees a whole value or none, whatever happens to a writer; writers of
 * one key at the same time leave the value of one of them.
 */
export interface ArtifactStore {
  /** The value of `key`; undefined if there is none. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * What tells a value from all that `key` held before and will hold later, without reading
   * it. Undefined if there is no value, or one so new that this is not certain yet. A
   * store that cannot tell has no signs; its values are read each time.
   */
  sign?(key: string): string | undefined;
  /** Sets the value of `key`. */
  write(key: string, value: Uint8Array): Promise<void>;
  /** Removes `key`; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Everything whose key starts with `prefix`, which ends with `/` or is empty. */
  list(prefix: string): AsyncIterable<StoredEntry>;
  /**
   * Takes the lock on a key, or tells who has it. It ends when it is disposed of, and with the
   * process of its holder however that ends. While it is held, the key is there.
   */
  tryLock(key: string, what: string): LockAnswer;
  /** Tells other machines that a run uses the store, until this is disposed of; if any share it. */
  lease?(run: string, signal?: AbortSignal): Promise<AsyncDisposable>;
}

/** The part of a store that machines can share. */
export interface SharedValues extends Pick<ArtifactStore, "read" | "write" | "remove" | "list"> {
  /** Whether there is a value, without reading it. */
  has(key: string): Promise<boolean>;
}

/** Milliseconds between two looks at a lock that another has. */
const LOOKS_EVERY = 50;

/**
 * Waits for a lock; a bound on the time gives up.
 *
 * @param options.onWait Hears once who has it.
 * @throws the signal's reason when it is aborted.
 */
export async function waitForLock(
  store: Pick<ArtifactStore, "tryLock">,
  key: string,
  what: string,
  options: {
    readonly signal?: AbortSignal;
    readonly onWait?: (holder: LockHolder) => void;
    readonly seconds?: number;
  } = {},
): Promise<LockAnswer> {
  const { signal, seconds = Infinity } = options;
  const until = Date.now() + seconds * 1000;
  for (let told = false;; told = true) {
    signal?.throwIfAborted();
    const answer = store.tryLock(key, what);
    if ("lock" in answer || Date.now() >= until) return answer;
    if (!told) options.onWait?.(answer.holder);
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY));
  }
}

/** Reads JSON; undefined if there is none, or it is not JSON. */
export async function readStoredJson<T>(
  store: Pick<ArtifactStore, "read">,
  key: string,
): Promise<T | undefined> {
  const bytes = await store.read(key);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return undefined;
  }
}

/** Writes JSON. */
export async function writeJson(store: ArtifactStore, key: string, value: unknown): Promise<void> {
  await store.write(key, new TextEncoder().encode(JSON.stringify(value)));
}
