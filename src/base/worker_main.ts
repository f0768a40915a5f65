/// <reference lib="deno.worker" />
/** What runs in each worker of a {@link WorkerPool}: looks a task up and answers. */

import { type PackedError, packError } from "./errors.ts";
import type { Task } from "./task.ts";

/** A task to run, as the pool posts it. */
export interface ToWorker {
  readonly module: string;
  readonly name: string;
  readonly args: unknown;
}

/** What a worker posts back. */
export type FromWorker =
  | { readonly type: "progress"; readonly done: number }
  | { readonly type: "result"; readonly result: unknown }
  | { readonly type: "error"; readonly error: PackedError };

const post = (message: FromWorker) => self.postMessage(message);

/** Milliseconds between two tellings of how much is done: a message costs as much as a small tree. */
const TELL_EVERY = 50;

/** Tells how much of a task is done, now and then and at its end. */
function teller(): (done: number) => void {
  let told = performance.now();
  return (done) => {
    const now = performance.now();
    if (done < 1 && now - told < TELL_EVERY) return;
    told = now;
    post({ type: "progress", done });
  };
}

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  try {
    const exported: Record<string, Task<unknown, unknown>> =
      await (/* @__FOLLOWED__: who calls a task imports it */ import(data.module));
    const found = exported[data.name];
    if (!found) {
      throw new Error(`Cannot run task "${data.name}": ${data.module} does not export it`);
    }
    const result = await found.run(data.args, { progress: teller() });
    post({ type: "result", result });
  } catch (error) {
    post({ type: "error", error: packError(error) });
  }
};
