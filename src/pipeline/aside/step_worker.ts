/// <reference lib="deno.worker" />
/** Runs one step in a thread of its own, which can be ended at any moment. */

import { packError } from "../../base/mod.ts";
import { loadPipelineFile } from "../load.ts";
import type { FromStep, ToStep } from "./request.ts";
import { runRequest } from "./run_request.ts";

const stop = new AbortController();
const post = (message: FromStep) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ToStep>) => {
  if (data.type === "abort") return stop.abort(new DOMException("Interrupted", "AbortError"));
  try {
    const pipeline = await loadPipelineFile(data.file);
    post({ type: "result", output: await runRequest(pipeline, data, stop.signal, post) });
  } catch (error) {
    post({ type: "error", error: packError(error) });
  }
};
