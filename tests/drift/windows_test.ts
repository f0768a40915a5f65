/** Windows of a stream, by rows and by time. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type DriftBatch,
  driftOverTime,
  type DriftWindow,
  SampleSketch,
  type WindowOptions,
} from "../../src/drift/mod.ts";
import { Random } from "../../src/base/mod.ts";
import { categoriesOf, normals } from "./samples.ts";

const random = new Random(9);
const batch = (rows: number, mean = 0, times?: number[]): DriftBatch => ({
  rows,
  times,
  columns: {
    x: normals(random, rows, mean),
    c: categoriesOf(Array.from({ length: rows }, () => random.choice(["a", "b"]))),
  },
});
const reference = batch(2000);

async function all(batches: DriftBatch[], options: WindowOptions): Promise<DriftWindow[]> {
  return await Array.fromAsync(driftOverTime(reference, batches, options));
}

Deno.test("drift: windows by rows cut across batches, the last one is shorter", async () => {
  const windows = await all([batch(250), batch(10), batch(400, 1)], { every: { rows: 300 } });
  assertEquals(windows.map(({ result }) => result.current_rows), [300, 300, 60]);
  assertEquals(windows.map(({ complete }) => complete), [true, true, false]);
  assertEquals(windows.map(({ result }) => result.drifted), [false, true, true]);
  assertEquals(windows[1].result.columns.map(({ drifted }) => drifted), [true, false]);
});

Deno.test("drift: windows by time have round bounds, empty ones are left out", async () => {
  const hour = 3_600_000;
  const times = Array.from({ length: 600 }, (_, i) => (i < 300 ? 0.2 : 3.1) * hour + i * 1000);
  times[350] = 5; // a straggler
  const stream = (async function* () {
    yield batch(600, 0, times);
    await Promise.resolve();
    yield batch(100, 2, Array.from({ length: 100 }, () => 4.5 * hour));
  })();
  const windows = await Array.fromAsync(
    driftOverTime(reference, stream, { every: { milliseconds: hour } }),
  );
  assertEquals(windows.map(({ from }) => from! / hour), [0, 3, 4]);
  assertEquals(windows.map(({ to }) => to! / hour), [1, 4, 5]);
  assertEquals(windows.map(({ late_rows }) => late_rows), [0, 1, 0]);
  assertEquals(windows.map(({ result }) => result.drifted), [false, false, true]);
});

Deno.test("drift: the sketches of windows merge into that of the stream", async () => {
  const windows = await all([batch(1000)], { every: { rows: 100 } });
  const merged = new SampleSketch();
  for (const { sample } of windows) merged.merge(JSON.parse(JSON.stringify(sample)));
  assertEquals(merged.rows, 1000);
  const { x } = merged.sample().columns;
  assert(x.kind === "number" && x.count === 1000);
});

Deno.test("drift: windows refuse no length, and rows without times", async () => {
  await assertRejects(() => all([batch(5)], { every: { rows: 0 } }), RangeError, "windows of 0");
  await assertRejects(() => all([batch(5)], { every: { rows: 1.5 } }), RangeError, "whole rows");
  const byTime: WindowOptions = { every: { milliseconds: 1 } };
  await assertRejects(() => all([batch(5)], byTime), TypeError, "a batch has no times");
  await assertRejects(() => all([batch(1, 0, [NaN])], byTime), TypeError, "a row has no time");
});
