/** What samplers do with columns of codes of categories: nothing lies between two codes. */

import { assertEquals, assertRejects } from "@std/assert";
import { DataError, Random } from "../../src/base/mod.ts";
import { samplerKinds, samplerOf, type SamplerSpec, smoteNc } from "../../src/samplers/mod.ts";
import { column, matrixFromRows } from "../../src/dataset/mod.ts";

const random = new Random(3);
const rows = Array.from({ length: 90 }, () => [random.next(), random.int(4) * 10, random.next()]);
const y = Int32Array.from(rows, (_, i) => Number(i % 4 === 0));
const data = {
  X: matrixFromRows(rows),
  y,
  categorical: [1],
  columnNames: ["income", "place", "rate"],
};

/** Samplers that know of codes, and those that only copy or drop rows. */
const taking = ["none", "randomOverSampler", "randomUnderSampler", "smoteN", "smoteNc"];

for (const kind of samplerKinds) {
  Deno.test(`samplers: ${kind} ${taking.includes(kind) ? "keeps codes" : "refuses codes by name"}`, async () => {
    const sampler = samplerOf({ kind } as SamplerSpec);
    const sample = async () => await sampler.sample(data, new Random(1));
    if (!taking.includes(kind)) {
      await assertRejects(sample, DataError, `${sampler.name}: column place holds codes`);
      return;
    }
    const { X } = await sample();
    const known = new Set(rows.map(([, code]) => code));
    assertEquals([...column(X, 1)].filter((code) => !known.has(code)), []);
  });
}

Deno.test("SMOTENC: takes the columns that the data say hold categories", async () => {
  assertEquals(
    await smoteNc().sample(data, new Random(1)),
    await smoteNc({ categorical: [1] }).sample(data, new Random(1)),
  );
});
