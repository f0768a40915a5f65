/** How often somebody may ask. */

import { Problem } from "./problem.ts";

/** Keys of which the times are shared by all threads. */
export const mostKeys = 1024;

/** Addresses that are told apart; others share their places by chance. */
const ADDRESSES = 1 << 16;

/** Milliseconds' worth of requests that may come at once. */
const BURST_MS = 1000;

/** When each key and each address may ask next, shared by all threads. */
export interface RateTimes {
  /** Milliseconds since 1970 times 1000. */
  readonly keys: BigInt64Array<SharedArrayBuffer>;
  readonly addresses: BigInt64Array<SharedArrayBuffer>;
  /** Nobody can choose an address that shares the place of another. */
  readonly seed: number;
}

/** The times of keys and addresses that have not asked yet. */
export function rateTimes(): RateTimes {
  const times = (count: number) => new BigInt64Array(new SharedArrayBuffer(8 * count));
  const [seed] = crypto.getRandomValues(new Uint32Array(1));
  return { keys: times(mostKeys), addresses: times(ADDRESSES), seed };
}

/** A rate with a second's worth at once. */
export class Rate {
  readonly #stepMs: number;

  /** Takes requests a second, and when whoever has a place may ask next; see {@linkcode RateTimes}. */
  constructor(rate: number, private readonly next: BigInt64Array) {
    this.#stepMs = 1000 / rate;
  }

  /**
   * Counts a request.
   *
   * @param now Milliseconds since 1970.
   * @param who What has asked, as `key`.
   * @throws {Problem} 429 if it has asked too often.
   */
  take(place: number, now: number, who: string): void {
    const at = place % this.next.length;
    while (true) {
      const before = Atomics.load(this.next, at);
      const next = Math.max(Number(before) / 1000, now - BURST_MS) + this.#stepMs;
      if (next > now) {
        const seconds = Math.ceil((next - now) / 1000);
        throw new Problem(429, `The ${who} has asked too often`, {
          headers: { "Retry-After": String(seconds) },
        });
      }
      const after = BigInt(Math.floor(next * 1000));
      if (Atomics.compareExchange(this.next, at, before, after) === before) return;
    }
  }
}

/** The place of an address; of IPv6 that of its network of 64 bits, which one caller has for itself. */
export function placeOf(address: string, seed: number): number {
  let hash = seed;
  for (let at = 0, groups = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    // A colon: four groups name the network, unless zeros are left out.
    if (code === 58 && (++groups === 4 || address.charCodeAt(at + 1) === 58)) break;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 12;
}
