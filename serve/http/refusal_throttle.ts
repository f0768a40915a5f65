/** Refusals that leave no faster than the server can afford. */

/** Refusals a second: they take a few hundredths of a core, whoever asks for more of them waits. */
const RATE = 2000;

/** Milliseconds' worth of refusals that may leave at once. */
const BURST_MS = 100;

/** What a refusal waits at most: as long as Retry-After asks of those who heed it. */
const LONGEST_MS = 1000;

/**
 * Holds refusals back while there are too many. A client that asks again at
 * once, however often it is refused, costs more than it would with an answer:
 * without a pause a few hundred of them leave no time for the requests that
 * were let in.
 */
export class RefusalThrottle {
  /** When the next refusal may leave. */
  #next = -Infinity;

  /** Milliseconds that a refusal made at `now`, in milliseconds of any clock, has to wait. */
  pause(now: number): number {
    const next = Math.max(this.#next, now - BURST_MS) + 1000 / RATE;
    this.#next = Math.min(next, now + LONGEST_MS);
    return Math.max(0, this.#next - now);
  }
}
