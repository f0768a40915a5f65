/** The shared store alone, as a clean-up sees it. */

import type { LockAnswer } from "../base/mod.ts";
import type { RecordSignature } from "./record_signature.ts";
import type { ArtifactStore, SharedValues, StoredEntry } from "./store.ts";

/** A store whose values other machines have; locks are none there, leases keep runs away. */
export class SharedView implements ArtifactStore {
  /** Takes what is shared, and what opens its records. */
  constructor(
    private readonly shared: SharedValues,
    private readonly signature: RecordSignature,
  ) {}

  /** The value of `key`; undefined if there is none, or its signature is wrong. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const found = await this.shared.read(key);
    if (found === undefined || key.startsWith("objects/")) return found;
    return await this.signature.open(key, found);
  }

  /** Sets the value of `key`. */
  async write(key: string, value: Uint8Array): Promise<void> {
    await this.shared.write(key, await this.signature.sign(key, value));
  }

  /** Removes `key`. */
  async remove(key: string): Promise<void> {
    await this.shared.remove(key);
  }

  /** Everything whose key starts with `prefix`. */
  list(prefix: string): AsyncIterable<StoredEntry> {
    return this.shared.list(prefix);
  }

  /** A lock that keeps nobody out. */
  tryLock(): LockAnswer {
    return { lock: { [Symbol.dispose]: () => {} } };
  }
}
