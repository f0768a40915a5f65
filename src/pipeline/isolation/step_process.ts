/** Runs one step in a process of its own, with the permissions that it declares. */

import { join, type PackedError, packError } from "../../base/mod.ts";
import type { Pipeline } from "../define/definition.ts";
import { unitName } from "../define/graph.ts";
import { OUTPUT, readRequest, writeEncoded } from "./request_files.ts";
import { deniedCause } from "../define/permissions.ts";
import { runIsolatedRequest } from "./run_request.ts";
import type { StepMessage } from "./request.ts";

/** What the process writes to its output, one line each, behind a mark that the run chose. */
export type ProcessMessage =
  | StepMessage
  | { readonly type: "result" }
  | { readonly type: "error"; readonly error: PackedError };

/** Runs the step whose request is in `folder`. */
export async function serveStep(pipeline: Pipeline, folder: string, mark: string): Promise<never> {
  const stop = new AbortController();
  const abort = () => stop.abort(new DOMException("Interrupted", "AbortError"));
  Deno.addSignalListener("SIGINT", abort); // Ctrl-C reaches it too: it cleans up as others do
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", abort);
  const encoder = new TextEncoder();
  const post = (message: ProcessMessage) => {
    let rest = encoder.encode(`${mark}${JSON.stringify(message)}\n`);
    while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
  };
  const request = await readRequest(folder);
  try {
    const output = await runIsolatedRequest(pipeline, request, stop.signal, post);
    await writeEncoded(join(folder, OUTPUT), output);
    post({ type: "result" });
  } catch (error) {
    const { step, item } = request.unit;
    const denied = deniedCause(unitName(step, item), error);
    post({ type: "error", error: packError(denied ?? error) });
  }
  Deno.exit(0); // what the step has left open does not keep the process
}
