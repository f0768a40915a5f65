import { assertEquals } from "@std/assert";
import { float32Loss } from "../../src/dataset/mod.ts";

Deno.test("float32Loss: counts what a set of rounded numbers counts", () => {
  const cases: number[][] = [
    [],
    [NaN, NaN],
    [1, 1, 1, 0, -0],
    // Seconds of a day in 2026, a minute apart: 128 of them are one Float32.
    Array.from({ length: 1440 }, (_, i) => 1.78e9 + 60 * i),
    Array.from({ length: 300 }, (_, i) => 2 ** 24 - 150 + i),
    Array.from({ length: 300 }, (_, i) => (i % 100) / 7),
    [1e300, 1e301, -Infinity, Infinity, 1e-60, 0],
  ];
  for (const values of cases) {
    // Adding 0 turns −0 into 0, which equals it.
    const present = values.filter((value) => !Number.isNaN(value)).map((value) => value + 0);
    const distinct = new Set(present).size;
    const rounded = new Set(present.map((value) => Math.fround(value))).size;
    assertEquals(float32Loss(values), { distinct, lost: distinct - rounded });
  }
});
