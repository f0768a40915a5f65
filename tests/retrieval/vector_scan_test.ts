import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random, UsageError } from "../../src/base/mod.ts";
import { VectorScan } from "../../src/retrieval/mod.ts";

function unitVectors(count: number, size: number, seed: number): Float32Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: size }, () => random.next() - 0.5);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

Deno.test("vector scan: products are those of plain arithmetic, for sizes with and without a rest", () => {
  for (const size of [1, 3, 15, 16, 17, 100, 384]) {
    const vectors = unitVectors(200, size, size);
    const scan = new VectorScan(size, vectors.length);
    vectors.forEach((vector) => scan.add(vector));
    const [query] = unitVectors(1, size, 999);
    const all = scan.nearest(query, 200);
    assertEquals(all.length, 200);
    for (const { row, score } of all) {
      // A number of a vector of length 1 is rounded by at most 1/254 of the largest; the sum over a
      // row of that times the query is below 1/254 · √size of lengths that are 1.
      assertAlmostEquals(score, dot(vectors[row], query), 0.012, `size ${size}, row ${row}`);
    }
    assert(all.every(({ score }, i) => i === 0 || score <= all[i - 1].score));
  }
});

Deno.test("vector scan: four times the rows hold the exact nearest ones", () => {
  const vectors = unitVectors(3000, 384, 5);
  const scan = new VectorScan(384, vectors.length);
  vectors.forEach((vector) => scan.add(vector));
  for (const query of unitVectors(20, 384, 6)) {
    const exact = vectors.map((vector, row) => ({ row, score: dot(vector, query) }))
      .sort((a, b) => b.score - a.score).slice(0, 10).map(({ row }) => row);
    const found = new Set(scan.nearest(query, 40).map(({ row }) => row));
    assert(exact.every((row) => found.has(row)));
  }
});

Deno.test("vector scan: no rows, no limit, more than there are, zeros, equals", () => {
  const scan = new VectorScan(2, 3);
  const query = Float32Array.of(1, 0);
  assertEquals(scan.nearest(query, 5), []);
  scan.add(Float32Array.of(0, 0));
  scan.add(Float32Array.of(1, 0));
  scan.add(Float32Array.of(1, 0));
  assertEquals(scan.nearest(query, 0), []);
  assertEquals(scan.nearest(query, 9).map(({ row }) => row), [1, 2, 0]);
  assertEquals(scan.nearest(query, 1).map(({ row }) => row), [1]);
  assertThrows(() => scan.add(query), RangeError, "room for 3");
});

Deno.test("vector scan: what is no vector of its size is refused", () => {
  const scan = new VectorScan(2, 3);
  assertThrows(() => scan.add(Float32Array.of(1)), RangeError, "1 numbers of 2");
  assertThrows(() => scan.nearest(Float32Array.of(1, 2, 3), 1), RangeError, "3 numbers of 2");
  assertThrows(() => scan.add(Float32Array.of(NaN, 1)), RangeError, "not finite");
  assertThrows(() => scan.add(Float32Array.of(Infinity, 1)), RangeError, "not finite");
  assertEquals(scan.count, 0);
  for (const [size, most] of [[0, 1], [5000, 1], [1.5, 1], [384, 20_000_000]]) {
    assertThrows(() => new VectorScan(size, most), UsageError, "Cannot scan");
  }
});
