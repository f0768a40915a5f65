/** A wide fan-out that says what it holds; run with `--v8-flags=--expose-gc` by memory_test.ts. */

import { fromFileUrl } from "@std/path";
import { z } from "zod";
import { MemoryStore } from "../../src/artifact_store/mod.ts";
import { pipeline, runPipeline } from "../../src/pipeline/mod.ts";

declare const gc: () => void;

/** Takes outputs and forgets them: what is left in memory is the runner's. */
class ForgetfulStore extends MemoryStore {
  override write(key: string, value: Uint8Array): Promise<void> {
    return key.startsWith("objects/") ? Promise.resolve() : super.write(key, value);
  }
}

/** Bytes that something still refers to: what nobody does, the collector takes away first. */
function heldBytes(): number {
  gc();
  const { heapUsed, external } = Deno.memoryUsage(); // buffers count as external
  return heapUsed + external;
}

const items = Array.from({ length: 10_000 }, (_, i) => i);
const wide = pipeline("wide", {
  description: "makes 400 MB",
  params: z.object({}),
}, ({ each }) => void each("item", items, (i) => new Float64Array(5000).fill(i)));

const held: number[] = [];
let finished = 0;
await runPipeline(wide, {
  jobs: 2,
  cache: { store: new ForgetfulStore(), file: fromFileUrl(import.meta.url), root: "." },
  onEvent: (event) => {
    if (event.type !== "step_finished" || event.item === undefined) return;
    if (++finished % 1000 === 0) held.push(heldBytes());
  },
});
// deno-lint-ignore no-console -- what the test reads
console.log(JSON.stringify({ finished, held }));
