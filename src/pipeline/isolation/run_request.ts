/** Does the work of a step that was sent to a thread or process of its own. */

import { UserError } from "../../base/mod.ts";
import type { Pipeline } from "../define/definition.ts";
import type { StepContext } from "../define/step.ts";
import { unitName } from "../define/graph.ts";
import {
  decode,
  encode,
  type Encoded,
  explained,
  shareValue,
  UnkeepableError,
} from "../../artifact_store/mod.ts";
import type { StepMessage, StepRequest } from "./request.ts";

/** Builds the pipeline again, runs the step or item and packs what it returns. */
export async function runIsolatedRequest(
  pipeline: Pipeline,
  request: StepRequest,
  signal: AbortSignal,
  post: (message: StepMessage) => void,
): Promise<Encoded> {
  const { params, unit, inputs, file } = request;
  const graph = pipeline.graph(decode(params.document, params.blobs) as Record<string, unknown>);
  const node = graph.nodes.find(({ name }) => name === unit.step);
  if (node === undefined) throw new Error(`Cannot find step ${unit.step} in ${file}`);
  const values = shareValue(decode(inputs.document, inputs.blobs)) as Record<string, unknown>;
  const context: StepContext = {
    signal,
    run: request.run,
    progress: (done, label) => post({ type: "progress", done, label }),
    log: (text) => post({ type: "log", text }),
    warn: (text) => post({ type: "warn", text }),
    metric: (name, value) => post({ type: "metric", name, value }),
    forget: () => post({ type: "forget" }),
  };
  const item = node.kind === "each"
    ? node.items.find(({ key }) => key === unit.item)?.value
    : undefined;
  const output = await explained(
    node,
    () =>
      node.kind === "each"
        ? node.run(shareValue(item), values, context)
        : node.run(values, context),
  );
  try {
    return encode(output);
  } catch (error) {
    if (!(error instanceof UnkeepableError)) throw error;
    throw new UserError(
      `Cannot take over the output of step ${unitName(unit.step, unit.item)}: ${error.message}`,
      { next: "return plain data, typed arrays, Polars frames or savedFile(…)" },
    );
  }
}

/** Tells a message of the step through the run's own context. */
export function tell(message: StepMessage, context: StepContext): void {
  switch (message.type) {
    case "progress":
      return context.progress(message.done, message.label);
    case "log":
      return context.log(message.text);
    case "warn":
      return context.warn(message.text);
    case "metric":
      return context.metric(message.name, message.value);
    case "forget":
      return context.forget();
  }
}
