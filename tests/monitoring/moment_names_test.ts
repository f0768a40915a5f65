import { assertEquals } from "@std/assert";
import { slicesOf } from "../../src/monitoring/slices.ts";
import { momentNames } from "../../src/monitoring/words.ts";

Deno.test("drift: moments are named to the second, and to the millisecond where seconds hold several", () => {
  const start = Date.UTC(2026, 10, 30, 7, 5, 55);
  assertEquals(momentNames([start, start + 60_000]), [
    "2026-11-30T07:05:55",
    "2026-11-30T07:06:55",
  ]);
  assertEquals(momentNames([start, start + 400]), [
    "2026-11-30T07:05:55.000",
    "2026-11-30T07:05:55.400",
  ]);
  // 20 slices of a log of two seconds: no two of one name, which a figure would draw as one.
  const times = Float64Array.from({ length: 2000 }, (_, i) => start + i);
  const { names } = slicesOf(times.length, times);
  assertEquals([names.length, new Set(names).size], [20, 20]);
});
