/** A store that lives as long as the process, for tests and for runs that keep nothing. */

import { type LockAnswer, type LockHolder, thisHolder } from "../base/mod.ts";
import type { ArtifactStore, StoredEntry } from "./store.ts";

/** Keeps copies of values in memory. */
export class MemoryStore implements ArtifactStore {
  readonly #values = new Map<string, { value: Uint8Array<ArrayBuffer>; writtenAt: number }>();
  readonly #locks = new Map<string, LockHolder>();

  /** The value of `key`; undefined if there is none. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.#values.get(key)?.value.slice());
  }

  /** Sets the value of `key`. */
  write(key: string, value: Uint8Array): Promise<void> {
    this.#values.set(key, { value: new Uint8Array(value), writtenAt: Date.now() });
    return Promise.resolve();
  }

  /** Removes `key`. */
  remove(key: string): Promise<void> {
    this.#values.delete(key);
    return Promise.resolve();
  }

  /** Everything whose key starts with `prefix`, in the order of the keys. */
  async *list(prefix: string): AsyncIterable<StoredEntry> {
    const found: string[] = [];
    for (const key of this.#values.keys()) if (key.startsWith(prefix)) found.push(key);
    for (const key of found.sort()) {
      const entry = this.#values.get(key);
      if (entry === undefined) continue; // removed meanwhile
      const { value, writtenAt } = entry;
      yield await Promise.resolve({ key, size: value.length, writtenAt });
    }
  }

  /** Takes the lock on a key, or tells who has it. */
  tryLock(key: string, what: string): LockAnswer {
    const holder = this.#locks.get(key);
    if (holder) return { holder };
    this.#locks.set(key, thisHolder(what));
    void this.write(key, new Uint8Array());
    const end = () => {
      this.#locks.delete(key);
      this.#values.delete(key);
    };
    return { lock: { [Symbol.dispose]: end } };
  }
}
