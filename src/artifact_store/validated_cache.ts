/** What was found out about values of a store, taken again while these are as they were. */

import type { ArtifactStore } from "./store.ts";

/** Something that was found out, and what it was found out from. */
export interface RememberedFact {
  /** The sign that each value had, by its key. */
  readonly signs: Readonly<Record<string, string>>;
  /** Plain data. */
  readonly fact: unknown;
}

/** Facts by name, kept from run to run; a store without signs has none. */
export class Remembered {
  readonly #store: ArtifactStore;
  readonly #facts: Map<string, RememberedFact>;
  readonly #used = new Set<string>();
  #learned = false;

  /** Takes the store and what earlier runs kept. */
  constructor(store: ArtifactStore, facts: Readonly<Record<string, RememberedFact>> = {}) {
    this.#store = store;
    this.#facts = new Map(Object.entries(facts));
  }

  /** Whether something was learned that earlier runs did not know. */
  get learned(): boolean {
    return this.#learned;
  }

  /** What to keep for later runs: what this one has used, and what has one of the names. */
  kept(names: ReadonlySet<string>): Record<string, RememberedFact> {
    return Object.fromEntries(
      this.#facts.entries().filter(([name]) => this.#used.has(name) || names.has(name)),
    );
  }

  /** Whether there is a fact of this name, which may not stand any more. */
  has(name: string): boolean {
    return this.#facts.has(name);
  }

  /** The fact of this name, undefined if a value is not as it was. */
  get(name: string): unknown {
    const known = this.#facts.get(name);
    if (known === undefined) return undefined;
    for (const key in known.signs) {
      if (this.#store.sign!(key) !== known.signs[key]) return undefined;
    }
    this.#used.add(name);
    return known.fact;
  }

  /**
   * Finds something out about values and remembers it.
   *
   * @param find Reads only through what it is given.
   */
  async find<T>(
    name: string,
    find: (read: ArtifactStore["read"]) => Promise<T>,
  ): Promise<T> {
    const signs: Record<string, string> = {};
    let sure = true;
    const fact = await find(async (key) => {
      const sign = this.#store.sign?.(key); // before it is read: what comes later has another
      if (sign === undefined) sure = false;
      else signs[key] = sign;
      return await this.#store.read(key);
    });
    this.#facts.delete(name);
    if (sure && fact !== undefined) {
      this.#facts.set(name, { signs, fact });
      this.#used.add(name);
      this.#learned = true;
    }
    return fact;
  }

  /** Forgets what did not hold. */
  forget(name: string): void {
    if (this.#facts.delete(name)) this.#learned = true;
  }
}
