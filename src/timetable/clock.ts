/** The time, as the scheduler sees it; tests set it by hand. */

/** A clock. */
export interface Clock {
  /** What time it is. */
  now(): Date;
  /** Resolves at `until` or earlier, at once when the signal is aborted. */
  sleep(until: Date, signal: AbortSignal): Promise<void>;
}

/** Longest sleep in milliseconds: a machine that was suspended is noticed after it. */
const LONGEST = 30_000;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep(until, signal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal.aborted) resolve();
    const wake = () => resolve();
    const timer = setTimeout(wake, Math.min(until.getTime() - Date.now(), LONGEST));
    signal.addEventListener("abort", wake, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
    });
  },
};

/** Sleeps until a time has come, however often the clock wakes. */
export async function sleepUntil(clock: Clock, until: Date, signal: AbortSignal): Promise<void> {
  while (clock.now() < until && !signal.aborted) await clock.sleep(until, signal);
}
