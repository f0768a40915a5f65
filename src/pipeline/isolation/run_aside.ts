/** Runs a step in a thread of its own, so that it can be stopped whatever it does. */

import { unpackError } from "../../base/mod.ts";
import type { StepContext } from "../define/step.ts";
import { decode } from "../../artifact_store/mod.ts";
import { printer } from "../process/step_scope.ts";
import type { FromStep, StepRequest } from "./request.ts";
import { tell } from "./run_request.ts";

/** Milliseconds that a step has to clean up once it is told to stop. */
const CLEAN_UP = 2000;

/**
 * Runs a step in a worker. When the context's signal is aborted, the step is told
 * so, and ended if it has not stopped soon after.
 *
 * @throws what the step throws.
 */
export function runAside(request: StepRequest, context: StepContext): Promise<unknown> {
  const { signal } = context;
  signal.throwIfAborted();
  const print = printer();
  const worker = new Worker(new URL("./step_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    worker.postMessage({ type: "abort" });
    timer = setTimeout(() => end(() => reject(signal.reason)), CLEAN_UP);
  };
  const end = (settle: () => void) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    worker.terminate();
    settle();
  };
  worker.onmessage = ({ data }: MessageEvent<FromStep>) => {
    switch (data.type) {
      case "result":
        return end(() => resolve(decode(data.output.document, data.output.blobs)));
      case "error":
        return end(() => reject(unpackError(data.error)));
      case "output":
        return print(data.stream, data.text);
      default:
        return tell(data, context);
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end(() => reject(event.error ?? new Error(`Worker failed: ${event.message}`)));
  };
  signal.addEventListener("abort", stop, { once: true });
  worker.postMessage(request);
  return promise;
}
