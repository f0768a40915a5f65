/** A store on this machine with one behind it that several machines share. */

import { digestOf, isReadOnly, type LockAnswer, ServiceError } from "../base/mod.ts";
import type { FetchedValues } from "./fetched_values.ts";
import { Leases } from "./leases.ts";
import type { LocalStore } from "./local_store.ts";
import { RecordSignature } from "./record_signature.ts";
import type { ArtifactStore, SharedValues, StoredEntry } from "./store.ts";

/** Values that are on their way at once, each held until it has arrived. */
const LANES = 4;

/** Keys that wait to be shared because that failed are kept below this, as empty values. */
const UNSHARED = "unshared/";

/** How a {@linkcode SharedStore} shares. */
export interface SharedStoreOptions {
  /** Whether what is made here is shared too. */
  readonly writes: boolean;
  /** Address of what is shared, for messages. */
  readonly address: string;
  /** Signs records, and refuses those that others have made. */
  readonly signature?: RecordSignature;
  /** Bounds what is kept here of it. */
  readonly fetched?: FetchedValues;
  /** Hears, once for each text, of what could not be taken. */
  readonly note?: (text: string) => void;
}

/**
 * Kept outputs, their records, and the runs that made them are looked for here first, then in
 * the shared store, and kept here from then on. What is made here is shared before its step counts
 * as done. Locks, and what was found out about this machine's files, are never shared; what code
 * says is, by the digests of its files, so that a fresh copy need not read all of it.
 *
 * A shared output is taken only if it is what its digest says. A record is small and names
 * outputs by their digests; a key (`DINOFLOW_CACHE_KEY`) keeps those of strangers out.
 */
export class SharedStore implements ArtifactStore {
  readonly #signature: RecordSignature;
  readonly #noted = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  /** Why an output has not arrived: no record is shared any more, for it may name that. */
  #failure: unknown;
  /** Whether the shared store did not answer: it is asked no more, what it holds is made anew. */
  #silent = false;

  /** Takes the store here and the shared one. */
  constructor(
    private readonly local: LocalStore,
    private readonly shared: SharedValues,
    private readonly options: SharedStoreOptions,
  ) {
    this.#signature = options.signature ?? new RecordSignature();
  }

  /** What tells a value here from others, see {@linkcode ArtifactStore}. */
  sign(key: string): string | undefined {
    return this.local.sign(key);
  }

  /** The lock on a key of this machine. */
  tryLock(key: string, what: string): LockAnswer {
    return this.local.tryLock(key, what);
  }

  /** Tells that a run uses the shared store; who only reads it may not tell anything. */
  async lease(run: string, signal?: AbortSignal): Promise<AsyncDisposable> {
    const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
    if (!this.options.writes || this.#silent) return nothing;
    try {
      return await new Leases(this.shared).begin(run, signal);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return nothing; // what is asked of it next says that it is away
    }
  }

  /** The value of `key`; undefined if there is none, here or shared. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const own = await this.local.read(key);
    if (own !== undefined || !isShared(key) || this.#silent) return own;
    const found = await this.#fetch(key);
    if (found !== undefined && !isHistory(key)) {
      try {
        await this.local.write(key, found);
        await this.options.fetched?.took(key, found.length);
      } catch (error) {
        if (!isReadOnly(error)) throw error; // else it is read again each time
      }
    }
    return found;
  }

  /**
   * Sets the value of `key`.
   *
   * @throws {UserError} for a record of a step that could not be shared, or whose output could
   * not: it stays here, and is shared by the next run.
   */
  async write(key: string, value: Uint8Array): Promise<void> {
    await this.local.write(key, value);
    if (!isShared(key) || !this.options.writes) return;
    if (isObject(key) || isFacts(key)) {
      if (isFacts(key) && this.#silent) return;
      while (this.#underWay.size >= LANES) await Promise.race(this.#underWay);
      const sending = this.#share(key, new Uint8Array(value)).catch((error) => {
        // No record names facts: without them another machine finds out by itself.
        if (isObject(key)) this.#failure ??= error;
      }).finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
      return;
    }
    // What a record names is there before it is.
    await Promise.all(this.#underWay);
    try {
      if (this.#failure !== undefined) {
        await this.#keepForLater(key);
        throw this.#failure;
      }
      await this.#share(key, value);
    } catch (error) {
      // A run is told of here; that others do not hear of it must not end it.
      if (!isHistory(key)) throw error;
      this.#note(`Cannot share the history of runs: ${(error as Error).message}`);
    }
  }

  /** Removes `key` here, and a shared record of a step whose output turned out to be nobody's. */
  async remove(key: string): Promise<void> {
    await this.local.remove(key);
    if (this.options.writes && key.startsWith("steps/")) await this.shared.remove(key);
  }

  /** Everything whose key starts with `prefix`; of runs and their logs, those of all machines. */
  async *list(prefix: string): AsyncIterable<StoredEntry> {
    const entries = new Map<string, StoredEntry>();
    for await (const entry of this.local.list(prefix)) entries.set(entry.key, entry);
    if (isHistory(prefix)) {
      for await (const entry of this.shared.list(prefix)) {
        if (!entries.has(entry.key)) entries.set(entry.key, entry);
      }
    }
    yield* [...entries.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /**
   * Shares what earlier runs could not; outputs come before the records that name them.
   *
   * @throws {UserError} if that fails again.
   */
  async catchUp(): Promise<void> {
    if (!this.options.writes) return;
    for await (const { key: mark } of this.local.list(UNSHARED)) {
      const key = mark.slice(UNSHARED.length);
      const value = await this.local.read(key);
      if (value !== undefined) await this.#share(key, value);
      await this.local.remove(mark);
    }
  }

  async #share(key: string, value: Uint8Array): Promise<void> {
    try {
      if (!isObject(key)) await this.shared.write(key, await this.#signature.sign(key, value));
      else if (!await this.shared.has(key)) await this.shared.write(key, value);
    } catch (error) {
      await this.#keepForLater(key);
      throw error;
    }
  }

  async #keepForLater(key: string): Promise<void> {
    await this.local.write(UNSHARED + key, new Uint8Array());
  }

  async #fetch(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { address, writes } = this.options;
    let found: Uint8Array<ArrayBuffer> | undefined;
    try {
      found = await this.shared.read(key);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#silent = true;
      this.#note(`${error.message}; what it holds is made anew`);
      return undefined;
    }
    if (found === undefined) return undefined;
    if (isObject(key)) {
      if (key.slice("objects/".length).replace("/", "") === await digestOf(found)) return found;
      this.#note(`An output in ${address} is not what its digest says; it is made anew`);
      if (writes) await this.shared.remove(key); // else it would stay in the place of the right one
      return undefined;
    }
    const opened = await this.#signature.open(key, found);
    if (opened === undefined) {
      this.#note(`Records in ${address} are not signed with DINOFLOW_CACHE_KEY; they do not count`);
    }
    return opened;
  }

  #note(text: string): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.options.note?.(text);
  }
}

function isObject(key: string): boolean {
  return key.startsWith("objects/");
}

/** Whether a key, or all keys with a prefix, tell of runs. */
function isHistory(key: string): boolean {
  return key.startsWith("runs/") || key.startsWith("logs/");
}

/** Whether a value tells what the code of a pipeline says. */
function isFacts(key: string): boolean {
  return key.startsWith("facts/");
}

/** Whether a value says the same on every machine. */
function isShared(key: string): boolean {
  return isObject(key) || isHistory(key) || isFacts(key) ||
    key.startsWith("steps/") && !key.endsWith("/@generation.json");
}
