/// <reference lib="deno.worker" />
/** Runs one step in a thread of its own, which can be ended at any moment. */

import { packError } from "../../base/mod.ts";
import type { StepContext } from "../definition.ts";
import { loadPipelineFile } from "../load.ts";
import { decode, encode } from "../store/codec.ts";
import type { FromStep, StepRequest, ToStep } from "./request.ts";

const stop = new AbortController();
const post = (message: FromStep) => self.postMessage(message);

async function run(request: StepRequest): Promise<unknown> {
  const { file, params, unit, inputs } = request;
  const pipeline = await loadPipelineFile(file);
  const graph = pipeline.graph(decode(params.document, params.blobs) as Record<string, unknown>);
  const node = graph.nodes.find(({ name }) => name === unit.step);
  if (node === undefined) throw new Error(`Cannot find step ${unit.step} in ${file}`);
  const values = decode(inputs.document, inputs.blobs) as Record<string, unknown>;
  const context: StepContext = {
    signal: stop.signal,
    run: request.run,
    progress: (done, label) => post({ type: "progress", done, label }),
    log: (text) => post({ type: "log", text }),
    warn: (text) => post({ type: "warn", text }),
    metric: (name, value) => post({ type: "metric", name, value }),
  };
  if (node.kind === "step") return await node.run(values, context);
  const item = node.items.find(({ key }) => key === unit.item);
  return await node.run(item?.value, values, context);
}

self.onmessage = async ({ data }: MessageEvent<ToStep>) => {
  if (data.type === "abort") return stop.abort(new DOMException("Interrupted", "AbortError"));
  try {
    post({ type: "result", output: encode(await run(data)) });
  } catch (error) {
    post({ type: "error", error: packError(error) });
  }
};
