/** Attempts at an answer: again when the service says, never after a part of it was given. */

import { wait } from "../base/mod.ts";
import { ChatError } from "./chat_error.ts";
import type { ChatEvent } from "./chat_model.ts";

/** How often and how patiently a service is asked. */
export interface RetryOptions {
  /** Attempts in all. */
  readonly attempts: number;
  /** Seconds before the second attempt where the service advises none; they double from then on. */
  readonly firstPause: number;
  /** Most seconds before an attempt; a service that wants more is not asked again. */
  readonly longestPause: number;
  /** A number from 0 to 1, so that many who were refused at once do not come back at once. */
  readonly jitter: () => number;
}

/** What adapters do where nothing else is said. */
export const usualRetries: RetryOptions = {
  attempts: 3,
  firstPause: 0.5,
  longestPause: 20,
  jitter: Math.random,
};

/**
 * The events of the first attempt that gives any.
 *
 * @param attempt Starts one; it throws a {@linkcode ChatError} where it fails.
 * @throws the last attempt's error.
 */
export async function* retried(
  attempt: () => AsyncIterable<ChatEvent>,
  signal: AbortSignal,
  { attempts, firstPause, longestPause, jitter }: RetryOptions = usualRetries,
): AsyncGenerator<ChatEvent> {
  for (let tried = 1;; tried++) {
    let given = false;
    try {
      for await (const event of attempt()) {
        given = true;
        yield event;
      }
      return;
    } catch (error) {
      const again = error instanceof ChatError && error.passes && !given && tried < attempts;
      if (!again || signal.aborted) throw error;
      // A little more than advised: clocks differ, and nobody was told to come all at once.
      const pause = (error.retryAfter ?? firstPause * 2 ** (tried - 1)) * (1 + 0.25 * jitter());
      if (pause > longestPause) throw error;
      await wait(pause, signal);
    }
  }
}
