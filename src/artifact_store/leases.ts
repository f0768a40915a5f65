/** Who uses a shared store, told in it: runs and clean-ups of other machines keep out of the way. */

import { UserError, wait } from "../base/mod.ts";
import type { SharedValues } from "./store.ts";

/** Leases are kept below this. */
const LEASES = "leases/";

/** Those of clean-ups, and of runs. */
const CLEANING = `${LEASES}clean-up/`;
const RUNS = `${LEASES}runs/`;

/** Milliseconds after which a lease is renewed, and after which one that was not has run out. */
const RENEWED_EVERY = 2 * 60_000;
const LIVES = 10 * 60_000;

/** Seconds between two looks at a clean-up that is under way. */
const LOOKS_EVERY = 1;

/** A lease, and when the store took it by its own clock. */
export interface Lease extends AsyncDisposable {
  /** When it was taken, by the clock of the store. */
  readonly takenAt: number;
}

/** Takes and looks at leases. Moments are those of the store, so that no machine's clock counts. */
export class Leases {
  /** Takes the store. */
  constructor(private readonly shared: SharedValues) {}

  /**
   * Tells that a run is under way; while a clean-up is, waits for its end.
   *
   * @throws the signal's reason if it is aborted.
   */
  async begin(run: string, signal: AbortSignal = new AbortController().signal): Promise<Lease> {
    for (;;) {
      const lease = await this.#take(RUNS + run);
      // Each tells before it looks, so that of two that begin at once one sees the other.
      const live = await this.#live(lease);
      if (!live.some((key) => key.startsWith(CLEANING))) return lease;
      await lease[Symbol.asyncDispose]();
      await wait(LOOKS_EVERY, signal);
    }
  }

  /**
   * Tells that a clean-up is under way.
   *
   * @throws {UserError} while a run, or another clean-up, is.
   */
  async clean(): Promise<Lease> {
    const own = CLEANING + crypto.randomUUID();
    const lease = await this.#take(own);
    const others = (await this.#live(lease)).filter((key) => key !== own);
    if (others.length === 0) return lease;
    await lease[Symbol.asyncDispose]();
    const names = others.map((key) =>
      key.startsWith(RUNS) ? key.slice(RUNS.length) : "another clean-up"
    );
    throw new UserError(`Cannot clean up the shared store while ${names.join(", ")} is under way`, {
      next: `wait until it is done; what a lost machine left counts for ${LIVES / 60_000} minutes`,
    });
  }

  /** The leases that have not run out; those that have are removed. */
  async #live({ takenAt }: Lease): Promise<string[]> {
    const live: string[] = [];
    for await (const { key, writtenAt } of this.shared.list(LEASES)) {
      if (takenAt - writtenAt < LIVES) live.push(key);
      else await this.shared.remove(key); // its machine is gone
    }
    return live;
  }

  async #take(key: string): Promise<Lease> {
    const write = () => this.shared.write(key, new Uint8Array());
    await write();
    let takenAt = Date.now();
    for await (const entry of this.shared.list(LEASES)) {
      if (entry.key === key) takenAt = entry.writtenAt;
    }
    // A store that is away for a while does not end the run; it is asked again.
    const timer = setInterval(() => void write().catch(() => {}), RENEWED_EVERY);
    Deno.unrefTimer(timer);
    return {
      takenAt,
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer);
        await this.shared.remove(key).catch(() => {}); // else it runs out
      },
    };
  }
}
