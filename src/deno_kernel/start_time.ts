/** What a kernel has to do in time when it starts. */

import { ServiceError } from "../base/mod.ts";

/** Milliseconds that a kernel has to start, on a busy machine. */
const PATIENCE = 60_000;

/** What comes of work, unless it takes too long or is aborted. */
export async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(cannotStart(`it took longer than ${PATIENCE / 1000} s`)),
    PATIENCE,
  );
  const abort = () => late.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** Why a kernel did not start. */
export function cannotStart(why: string): ServiceError {
  return new ServiceError(`Cannot start a kernel: ${why}`, {
    next: "see that `deno eval 1` works in the notebook's folder",
  });
}
