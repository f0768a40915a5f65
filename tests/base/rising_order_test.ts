import { assertEquals } from "@std/assert";
import { Random, risingNumbers, RisingOrder } from "../../src/base/mod.ts";

const special = [0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38];

/** Numbers of all sizes, many of them twice. */
function numbers(seed: number, count: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => {
    if (random.int(4) === 0) return special[random.int(special.length)];
    return random.normal() * 10 ** (random.int(9) - 4);
  });
}

/** Compared to the bit: −0 is not 0. */
const bitsOf = (values: Float32Array) => [...new Uint32Array(Float32Array.from(values).buffer)];

Deno.test("rising numbers: few and many are sorted as by comparisons, to the bit", () => {
  for (const count of [0, 1, 2, 100, 2047, 2048, 10_000]) {
    const values = numbers(count, count);
    assertEquals(bitsOf(risingNumbers(values.slice())), bitsOf(values.slice().sort()));
  }
});

Deno.test("rising order: rows come along, equal ones in their order, missing ones left out", () => {
  const values = numbers(5, 4000);
  for (let i = 0; i < values.length; i += 7) values[i] = NaN;
  const order = new RisingOrder(values.length);
  const count = order.sort(values);
  const wanted = Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]))
    .sort((a, b) =>
      values[a] - values[b] ||
      Number(Object.is(values[b], -0)) - Number(Object.is(values[a], -0)) ||
      a - b
    );
  assertEquals([...order.rows.subarray(0, count)], wanted);
});
