import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  categoryStatistics,
  type NumericStatistics,
  numericStatistics,
} from "../../src/drift/mod.ts";
import fixtures from "./fixtures/reference_statistics.json" with { type: "json" };

for (const { name, values, expected } of fixtures.cases) {
  Deno.test(`numericStatistics agrees with NumPy: ${name}`, () => {
    const actual = numericStatistics(values.map((value) => value ?? NaN));
    const { mean, sd, quantiles, histogram, sketch, ...exact } = actual;
    const wanted = expected as NumericStatistics;
    assertEquals(exact, {
      kind: wanted.kind,
      count: wanted.count,
      missing: wanted.missing,
      min: wanted.min,
      max: wanted.max,
    });
    // NumPy sums pairwise, we sum in order: some last digits of a Float64 differ.
    const close = (a: number, b: number) => assertAlmostEquals(a, b, 1e-10 * Math.abs(b));
    close(mean!, wanted.mean!);
    close(sd!, wanted.sd!);
    assertEquals(quantiles.length, 21);
    quantiles.forEach((value, i) => close(value, wanted.quantiles[i]));
    assertEquals(histogram.edges.length, wanted.histogram.edges.length);
    histogram.edges.forEach((edge, i) => close(edge, wanted.histogram.edges[i]));
    assertEquals(histogram.counts, wanted.histogram.counts);
    assertEquals(sketch!.count, wanted.count);
  });
}

Deno.test("numericStatistics of nothing is plain JSON without NaN", () => {
  const nothing = numericStatistics(new Float32Array([NaN, Infinity]));
  assertEquals(nothing, {
    kind: "number",
    count: 0,
    missing: 2,
    mean: null,
    sd: null,
    min: null,
    max: null,
    quantiles: [],
    histogram: { edges: [], counts: [0] },
    sketch: { k: 200, count: 0, levels: [[]] },
  });
  assertEquals(JSON.parse(JSON.stringify(nothing)), nothing);
  assertEquals(numericStatistics([7]).sd, null);
});

Deno.test("categoryStatistics keeps the 256 most frequent categories", () => {
  const vocabulary = Array.from({ length: 266 }, (_, i) => `category ${i}`);
  const codes = vocabulary.flatMap((_, i) => Array<number>(i).fill(i)); // category 0 never occurs
  const { count, missing, categories, other } = categoryStatistics([...codes, -1, -1], vocabulary);
  assertEquals(count, 35245);
  assertEquals(missing, 2);
  assertEquals(categories.length, 256);
  assertEquals(categories[0], { name: "category 265", count: 265 });
  assertEquals(categories.at(-1), { name: "category 10", count: 10 });
  assertEquals(other, 45); // 1 + 2 + … + 9
});

Deno.test("categoryStatistics breaks ties by name, whatever the order of the vocabulary", () => {
  const names = (vocabulary: string[]) =>
    categoryStatistics([0, 1], vocabulary).categories.map(({ name }) => name);
  assertEquals(names(["b", "a"]), ["a", "b"]);
  assertEquals(names(["a", "b"]), ["a", "b"]);
});

Deno.test("categoryStatistics refuses a code beyond the vocabulary", () => {
  assertThrows(() => categoryStatistics([2], ["a", "b"]), RangeError, "code 2 is beyond");
});
