/** Columns of more rows than the calibrated preset looks at. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compare, type DriftSample } from "../../src/drift/mod.ts";
import { Random } from "../../src/base/mod.ts";
import { normals } from "./samples.ts";

const ROWS = 300_000;

Deno.test("drift: of large columns a sample is compared, close to all rows and the same each time", async () => {
  const random = new Random(31);
  const side = (mean: number): DriftSample => ({
    rows: ROWS,
    columns: {
      same: normals(random, ROWS),
      slight: normals(random, ROWS, mean / 10),
      moved: normals(random, ROWS, mean),
    },
  });
  const [reference, current] = [side(0), side(0.3)];
  const sampled = await compare(reference, current);
  // Evidently's preset looks at all rows; its effect is the same distance without a sample.
  const whole = await compare(reference, current, { preset: "evidently" });
  sampled.columns.forEach(({ effect }, i) => {
    assertAlmostEquals(effect!, whole.columns[i].effect!, 0.0073);
  });
  assertEquals(sampled.columns.map(({ drifted }) => drifted), [false, false, true]);
  assertEquals(sampled.columns[1].note, "certain, but too small to matter");
  assertEquals(await compare(reference, current), sampled);
  assert(JSON.stringify(sampled).length < 10_000, "a result is small however many rows");
});
