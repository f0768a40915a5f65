/** Answers as server-sent events, while they are written. */

import { packError } from "../../src/base/mod.ts";
import type { AdviceEvent } from "../../src/advisor/mod.ts";
import { Problem } from "../http/problem.ts";

const encoder = new TextEncoder();

/** One event: its name, and its data as one line of JSON. */
function written(name: string, data: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * Writes events as they come. What fails on the way is an event `error`, for the status is sent
 * long before; whoever hangs up ends the answer.
 *
 * @param problemOf What a caller may know of an error.
 * @param hungUp Ends what nobody hears any more.
 */
export function eventStream(
  events: AsyncIterator<AdviceEvent>,
  problemOf: (error: unknown) => Problem,
  hungUp: (reason: unknown) => void,
  closed: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let over = false;
  const close = () => {
    if (!over) closed();
    over = true;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (over) return;
        if (done) {
          close();
          return controller.close();
        }
        const { kind, ...data } = value;
        controller.enqueue(written(kind, value.kind === "done" ? value.advice : data));
      } catch (error) {
        if (over) return;
        controller.enqueue(written("error", problemOf(error).toJSON()));
        close();
        controller.close();
      }
    },
    async cancel(reason) {
      hungUp(reason);
      close();
      // The answer hears the signal; what it still does is nobody's.
      await events.return?.().catch(packError);
    },
  }, { highWaterMark: 0 });
}
