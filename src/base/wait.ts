/** Times of any length: a timer of the platform ends at once beyond 24.8 days. */

/** The longest that a timer takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `ring` after so many seconds.
 *
 * @returns What takes the alarm back.
 */
export function alarm(seconds: number, ring: () => void): Disposable {
  const until = performance.now() + seconds * 1000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const set = () => {
    const left = until - performance.now();
    timer = setTimeout(left > LONGEST ? set : ring, Math.min(Math.max(left, 0), LONGEST));
  };
  set();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Waits so many seconds. @throws the signal's reason when it is aborted. */
export async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  using _alarm = alarm(seconds, resolve);
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
