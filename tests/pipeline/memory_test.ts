import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { z } from "zod";
import { MemoryStore, pipeline, runPipeline } from "../../src/pipeline/mod.ts";

/** Takes outputs and forgets them: what is left in memory is the runner's. */
class ForgetfulStore extends MemoryStore {
  override write(key: string, value: Uint8Array): Promise<void> {
    return key.startsWith("objects/") ? Promise.resolve() : super.write(key, value);
  }
}

Deno.test("memory: 10,000 items that make 400 MB are never held together", async () => {
  const items = Array.from({ length: 10_000 }, (_, i) => i);
  const declared = pipeline("wide", {
    description: "",
    params: z.object({}),
  }, ({ each }) => void each("item", items, (i) => new Float64Array(5000).fill(i)));
  const before = Deno.memoryUsage().rss;
  let most = before;
  let finished = 0;
  const { status } = await runPipeline(declared, {
    cache: { store: new ForgetfulStore(), file: fromFileUrl(import.meta.url), root: "." },
    onEvent: (event) => {
      if (event.type !== "step_finished" || event.item === undefined) return;
      if (++finished % 500 === 0) most = Math.max(most, Deno.memoryUsage().rss);
    },
  });
  assertEquals([status, finished], ["succeeded", 10_000]);
  // Values come to 400 MB; records, events and garbage not yet collected to a part of that.
  const grown = (most - before) / 1e6;
  assert(grown < 250, `memory grew by ${grown.toFixed(0)} MB`);
});
