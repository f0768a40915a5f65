/** What was used last, within a number of bytes. */

/** What is kept under a key, between its neighbours in the order of use. */
interface Entry<T> {
  readonly key: string;
  readonly value: T;
  readonly bytes: number;
  /** Until when it counts, on the clock. */
  readonly until: number;
  older?: Entry<T>;
  newer?: Entry<T>;
}

/** Bytes of an entry beside its key and value: the entry, its place in the map, the key's head. */
const OVERHEAD = 160;

/** How a {@linkcode Lru} is bounded. */
export interface LruOptions {
  /** Bytes of all keys and values, as they are estimated. */
  readonly bytes: number;
  /** Milliseconds that an entry counts. */
  readonly ttlMs: number;
  /** A clock that never goes back or jumps, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Keeps values by key until they are too old or others need their room, those unused for the
 * longest first. Entries stand in a list of their own: a Map finds its oldest key slowly once many
 * are gone.
 */
export class Lru<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #now: () => number;
  #oldest?: Entry<T>;
  #newest?: Entry<T>;
  #bytes = 0;

  /** Takes the bounds. */
  constructor(private readonly options: LruOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all entries, as they are estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The value, undefined if there is none that still counts. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until <= this.#now()) {
      this.#remove(entry);
      return undefined;
    }
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  /** Keeps a value of so many bytes; one larger than all the room is not kept. */
  set(key: string, value: T, bytes: number): void {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#remove(before);
    // Two for each UTF-16 unit; V8 needs one where all are Latin.
    const all = bytes + 2 * key.length + OVERHEAD;
    if (all > this.options.bytes) return;
    const entry: Entry<T> = { key, value, bytes: all, until: this.#now() + this.options.ttlMs };
    this.#entries.set(key, entry);
    this.#append(entry);
    this.#bytes += all;
    while (this.#bytes > this.options.bytes) this.#remove(this.#oldest!);
  }

  /** Forgets everything and tells how much that was. */
  clear(): number {
    const { size } = this;
    this.#entries.clear();
    this.#oldest = this.#newest = undefined;
    this.#bytes = 0;
    return size;
  }

  #remove(entry: Entry<T>): void {
    this.#entries.delete(entry.key);
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
  }

  #append(entry: Entry<T>): void {
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<T>): void {
    const { older, newer } = entry;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    entry.older = entry.newer = undefined;
  }
}
