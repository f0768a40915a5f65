/** What a finished step gives to those that wait for it. */

import { digestOf } from "../../base/mod.ts";

/** The digest of a fan-out's gathered outputs, in the order of its items. */
export function gatheredDigest(digests: readonly (string | undefined)[]): Promise<string> {
  return digestOf(digests.join("\n"));
}

/** A value that is loaded when it is asked for and let go when nobody needs it any more. */
export class StepOutput {
  /** Digest of its content; undefined in a run that keeps nothing. */
  readonly digest: string | undefined;
  #load: (() => Promise<unknown>) | undefined;
  #loaded: Promise<unknown> | undefined;
  #readers: number;

  /** Digests of the artifacts that it consists of. */
  readonly artifacts: readonly string[];

  /** Takes how it is loaded and how many steps will read it. */
  constructor(
    digest: string | undefined,
    artifacts: readonly (string | undefined)[],
    readers: number,
    load: () => Promise<unknown>,
  ) {
    this.digest = digest;
    this.artifacts = artifacts.filter((artifact) => artifact !== undefined);
    this.#readers = readers;
    if (readers > 0) this.#load = load;
  }

  /** The value, loaded once for all readers. */
  value(): Promise<unknown> {
    if (this.#load === undefined) throw new Error("An output was read after its last reader");
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** One reader is done. */
  release(): void {
    if (--this.#readers > 0) return;
    this.#load = undefined;
    this.#loaded = undefined;
  }
}
