/** Rows that wait to be sketched: asked for, they are the sketch that was made at once. */

import { assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { type RawSample, SampleSketch } from "../../src/drift/mod.ts";
import { WaitingSketch } from "../../src/monitoring/watch/waiting_sketch.ts";

function batch(random: Random, rows: number): RawSample {
  return {
    rows,
    columns: {
      income: {
        kind: "number",
        values: Float64Array.from({ length: rows }, () => random.normal()),
      },
      home: {
        kind: "category",
        codes: Int32Array.from({ length: rows }, () => random.int(4) - 1),
        vocabulary: ["own", "rent", "other"],
      },
    },
  };
}

const sketched = (batches: readonly RawSample[]) => {
  const sketch = new SampleSketch();
  for (const one of batches) sketch.add(one);
  return sketch.sample();
};

Deno.test("watch: rows that waited, few or more than may wait, give the sketch of all of them", () => {
  const random = new Random(3);
  for (const [rows, batches] of [[1, 1], [700, 9], [100_000, 5]]) {
    const all = Array.from({ length: batches }, () => batch(random, rows));
    const waiting = new WaitingSketch();
    for (const one of all) waiting.add(one);
    assertEquals(waiting.rows, rows * batches);
    assertEquals(waiting.sample(), sketched(all));
    waiting.add(all[0]);
    assertEquals(waiting.sample(), sketched([...all, all[0]]), "asked for between");
  }
  assertEquals(new WaitingSketch().sample(), null);
});

Deno.test("watch: windows that are joined hold the rows of both, whether they waited or were kept", () => {
  const random = new Random(4);
  const [first, then] = [batch(random, 90), batch(random, 80)];
  const joined = new WaitingSketch();
  joined.add(first);
  const other = new WaitingSketch();
  other.add(then);
  joined.take(other);
  assertEquals([joined.rows, joined.sample()], [170, sketched([first, then])]);
  const restored = new WaitingSketch();
  restored.merge(JSON.parse(JSON.stringify(sketched([first]))));
  restored.take(joined);
  const merged = new SampleSketch();
  for (const part of [sketched([first]), sketched([first, then])]) merged.merge(part);
  assertEquals([restored.rows, restored.sample()], [260, merged.sample()]);
});
