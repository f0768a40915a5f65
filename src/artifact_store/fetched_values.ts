/** What was taken from a shared store and kept here, held to a size. */

import { UsageError } from "../base/mod.ts";
import type { LocalStore } from "./local_store.ts";

/** Empty values below this say what was fetched. */
const FETCHED = "fetched/";

const units: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Share of the bound that is left when something has to go, so that not each value removes one. */
const LEFT = 0.9;

/**
 * Bytes of a size such as `20GB`.
 *
 * @throws {UsageError} if it is none.
 */
export function sizeInBytes(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]b)$/i.exec(text.trim()) ?? [];
  if (count !== undefined) return Number(count) * units[unit.toLowerCase()];
  throw new UsageError(`Cannot understand the size ${text} in DINOFLOW_CACHE_SIZE`, {
    next: "write it as 500MB or 20GB",
  });
}

/**
 * Keeps fetched values within a bound: those that were fetched longest ago go first, never those of
 * this process, and never what was made here, which the shared store may not have.
 */
export class FetchedValues {
  readonly #own = new Set<string>();
  #total: number | undefined;

  /** Takes the store of this machine and the bound in bytes. */
  constructor(private readonly local: LocalStore, private readonly bound: number) {}

  /** Notes a value that was fetched, and makes room. */
  async took(key: string, bytes: number): Promise<void> {
    this.#own.add(key);
    await this.local.write(FETCHED + key, new TextEncoder().encode(String(bytes)));
    this.#total = this.#total === undefined ? await this.#size() : this.#total + bytes;
    if (this.#total > this.bound) await this.#makeRoom();
  }

  async #makeRoom(): Promise<void> {
    const marks: { key: string; writtenAt: number }[] = [];
    for await (const { key, writtenAt } of this.local.list(FETCHED)) marks.push({ key, writtenAt });
    marks.sort((a, b) => a.writtenAt - b.writtenAt);
    for (const { key: mark } of marks) {
      if (this.#total! <= LEFT * this.bound) return;
      const key = mark.slice(FETCHED.length);
      if (this.#own.has(key)) continue;
      this.#total! -= await this.#sizeOf(mark);
      await this.local.remove(key);
      await this.local.remove(mark);
    }
  }

  async #size(): Promise<number> {
    let total = 0;
    for await (const { key } of this.local.list(FETCHED)) total += await this.#sizeOf(key);
    return total;
  }

  async #sizeOf(mark: string): Promise<number> {
    return Number(new TextDecoder().decode(await this.local.read(mark))) || 0;
  }
}
