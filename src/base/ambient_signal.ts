/** A signal for work that was given none. */

/** Where whoever runs code for a user leaves the signal with which it can be stopped. */
export const AMBIENT_SIGNAL: unique symbol = Symbol.for("dinoflow.signal");

/**
 * The signal that stops what a user has started in a notebook; undefined elsewhere. Long
 * work takes it if its caller gives none, so that Stop ends it.
 */
export function ambientSignal(): AbortSignal | undefined {
  const { [AMBIENT_SIGNAL]: given } = globalThis as { [AMBIENT_SIGNAL]?: () => AbortSignal };
  return given?.();
}
