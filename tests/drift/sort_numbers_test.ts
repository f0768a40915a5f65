import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Random } from "../../src/base/mod.ts";
import { sortNumbers } from "../../src/drift/sort_numbers.ts";

const ROWS = 200_001;

Deno.test("drift: sorting by bits is sorting by value, above and below the switch", () => {
  const random = new Random(1);
  const draws: (() => number)[] = [
    () => random.normal(),
    () => Math.fround(random.normal(-5)),
    () => random.int(3) - 1,
    () => random.normal() * 10 ** random.int(300),
    () => 7,
  ];
  for (const draw of draws) {
    for (const rows of [10, ROWS]) {
      const values = Float64Array.from({ length: rows }, draw);
      assertEquals(sortNumbers(values.slice()), values.sort());
    }
  }
});

Deno.test("drift: sorting by bits takes every finite number, and views into larger buffers", () => {
  const filler = new Random(2);
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 }),
      (some) => {
        const buffer = new Float64Array(ROWS + 1);
        const view = buffer.subarray(1);
        view.forEach((_, i) => view[i] = i < some.length ? some[i] : filler.normal());
        const wanted = view.slice().sort();
        sortNumbers(view);
        // 0 and −0 are the same value in another order.
        assertEquals(view.every((value, i) => value === wanted[i]), true);
        assertEquals(buffer[0], 0);
      },
    ),
    { numRuns: 4, seed: 3 },
  );
});
