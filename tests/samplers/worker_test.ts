import { assertEquals, assertRejects } from "@std/assert";
import { DataError, Random, WorkerPool } from "../../src/base/mod.ts";
import { emptyMatrix } from "../../src/dataset/mod.ts";
import { type SamplerName, samplers, sampleTask } from "./samplers.ts";

function trainingSet() {
  const random = new Random(7);
  const X = emptyMatrix(300, 5);
  const y = Int32Array.from({ length: 300 }, (_, i) => i % 5 === 0 ? 0 : 1);
  for (let i = 0; i < X.data.length; i++) X.data[i] = random.normal(y[i % 300]);
  return { X, y };
}

Deno.test("samplers: the same rows in a worker as here", async () => {
  await using pool = new WorkerPool(2);
  const data = trainingSet();
  await Promise.all((Object.keys(samplers) as SamplerName[]).map(async (name) => {
    const there = await pool.run(sampleTask, { name, data, seed: 3 });
    assertEquals(there, await samplers[name].sample(data, new Random(3)));
  }));
});

Deno.test("samplers: an error in a worker is the same error", async () => {
  await using pool = new WorkerPool(1);
  const data = trainingSet();
  data.X.data[300] = NaN;
  const run = () => pool.run(sampleTask, { name: "SMOTE", data, seed: 3 });
  await assertRejects(run, DataError, "column 1 has a missing value in row 0");
});
