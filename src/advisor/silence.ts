/** Streams that may hang: each piece has its time. */

import { alarm } from "../base/mod.ts";
import { ChatError } from "./chat_error.ts";

/**
 * Hands a stream on as long as it is not silent for `seconds`.
 *
 * @param start Starts the stream; the signal it is given ends with the caller's, and where the
 * stream is silent for too long.
 * @throws {ChatError} of the kind `timeout` where it is silent, the signal's reason when it is
 * aborted, whether or not the stream hears.
 */
export async function* heard<T>(
  start: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  seconds: number,
  signal: AbortSignal,
  who: string,
): AsyncGenerator<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {}); // heard by whoever waits at the time, which may be nobody
  const end = (reason: unknown) => {
    ended.reject(reason);
    own.abort(reason);
  };
  const onAbort = () => end(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const timed = async <R>(work: Promise<R>): Promise<R> => {
    using _alarm = alarm(
      seconds,
      () => end(new ChatError("timeout", `${who} was silent for ${seconds} s`)),
    );
    return await Promise.race([work, ended.promise]);
  };
  let pieces: AsyncIterator<T> | undefined;
  let done = false;
  try {
    const starting = start(own.signal);
    starting.catch(() => {}); // who gave up waiting does not want to hear of it
    pieces = (await timed(starting))[Symbol.asyncIterator]();
    while (true) {
      const coming = pieces.next();
      coming.catch(() => {});
      const piece = await timed(coming);
      if (piece.done) {
        done = true;
        return;
      }
      yield piece.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    if (!done) {
      own.abort(new DOMException("Nobody listens any more", "AbortError"));
      // One that hangs would keep whoever waited for it to return.
      pieces?.return?.()?.catch(() => {});
    }
  }
}
