/** Every sampler ends on every degenerate table, and hears its signal. */

import { assert, assertRejects } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { samplerKinds, samplerOf, type SamplerSpec } from "../../src/samplers/mod.ts";
import { degenerate, labelsOf } from "../contracts/degenerate_data.ts";
import { sampleDegenerate } from "./degenerate_task.ts";

const specs: SamplerSpec[] = samplerKinds.map((kind) =>
  kind === "smoteNc" ? { kind, params: { categorical: [0] } } : kind
);

/** Samplers that copy or drop rows without measuring distances: any value will do. */
const anyValues = new Set<unknown>(["none", "randomOverSampler", "randomUnderSampler"]);

Deno.test("degenerate: every sampler ends on every table", async () => {
  await using pool = new WorkerPool(2);
  await Promise.all(specs.flatMap((spec) =>
    Object.keys(degenerate).map(async (table) => {
      // A minute for what takes milliseconds: only a loop without a bound reaches it.
      const signal = AbortSignal.timeout(60_000);
      const found = await pool.run(sampleDegenerate, { spec, table }, { signal });
      const what = `${JSON.stringify(spec)} of "${table}": ${found}`;
      const mustRefuse = !anyValues.has(spec) && /NaN|infini/.test(table);
      if (mustRefuse) assert(typeof found === "string" && found.startsWith("Cannot"), what);
      else if (typeof found === "string") assert(found.startsWith("Cannot"), what);
      else assert(Number.isInteger(found) && found <= 2 * degenerate[table].rows, what);
    })
  ));
});

Deno.test("degenerate: every sampler that measures distances hears its signal", async () => {
  const X = degenerate["one-hot columns, which sum to one"];
  for (const spec of specs.filter((spec) => !anyValues.has(spec))) {
    const signal = AbortSignal.abort(new Error("enough"));
    const sample = async () =>
      await samplerOf(spec).sample({ X, y: labelsOf(X) }, new Random(1), { signal });
    await assertRejects(sample, Error, "enough", JSON.stringify(spec));
  }
});
