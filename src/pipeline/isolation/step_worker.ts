/// <reference lib="deno.worker" />
/** Runs one step in a thread of its own, which can be ended at any moment. */

import { packError } from "../../base/mod.ts";
import { loadPipelineFile } from "../define/load.ts";
import { asStep, endStep } from "../process/step_scope.ts";
import type { FromStep, ToStep } from "./request.ts";
import { runIsolatedRequest } from "./run_request.ts";

const stop = new AbortController();
const post = (message: FromStep) => self.postMessage(message);
const fail = (error: unknown) => post({ type: "error", error: packError(error) });

asStep({ print: (stream, text) => post({ type: "output", stream, text }), fail });

self.onmessage = async ({ data }: MessageEvent<ToStep>) => {
  if (data.type === "abort") return stop.abort(new DOMException("Interrupted", "AbortError"));
  try {
    const pipeline = await loadPipelineFile(data.file);
    const output = await runIsolatedRequest(pipeline, data, stop.signal, post);
    await endStep();
    post({ type: "result", output });
  } catch (error) {
    await endStep();
    fail(error);
  }
};
