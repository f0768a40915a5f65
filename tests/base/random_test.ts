import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { deriveSeed, Random, UsageError } from "../../src/base/mod.ts";
import fixture from "./fixtures/base.json" with { type: "json" };

const DRAWS = 100_000;

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * The statistic has mean f and variance 2f at f degrees of freedom: 4 standard
 * deviations above is passed by chance less than once in 5,000 seeds, and the
 * seeds here are fixed.
 */
function assertUniform(counts: readonly number[]): void {
  const freedom = counts.length - 1;
  assert(chiSquare(counts) < freedom + 4 * Math.sqrt(2 * freedom), `counts ${counts}`);
}

function tally(bins: number, draw: () => number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[draw()]++;
  return counts;
}

for (const { seed, stream, expected } of fixture.streams) {
  Deno.test(`Random: seed ${seed}, stream ${stream} gives the numbers of the reference`, () => {
    const random = new Random(seed, stream);
    assertEquals(expected.map(() => random.uint32()), expected);
  });
}

Deno.test("Random: next is uniform on [0, 1)", () => {
  const random = new Random(1);
  assertUniform(tally(100, () => Math.floor(random.next() * 100)));
});

Deno.test("Random: int reaches every number below its bound equally often", () => {
  const random = new Random(2);
  assertUniform(tally(7, () => random.int(7)));
  assertEquals(tally(1, () => random.int(1)), [DRAWS]);
});

Deno.test("Random: neighbours in a stream, and streams of a seed, do not depend on each other", () => {
  const random = new Random(3);
  assertUniform(tally(100, () => random.int(10) * 10 + random.int(10)));
  const first = new Random(3, 1);
  const second = new Random(3, 2);
  assertUniform(tally(100, () => first.int(10) * 10 + second.int(10)));
});

Deno.test("Random: normal has the moments of a normal distribution", () => {
  const random = new Random(4);
  const values = Float64Array.from({ length: DRAWS }, () => random.normal());
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / DRAWS;
  // Standard errors of the first four moments: √(1, 2, 15, 96) / √n; allowed are four of them.
  const allowed = (variance: number) => 4 * Math.sqrt(variance / DRAWS);
  assertAlmostEquals(moment(1), 0, allowed(1));
  assertAlmostEquals(moment(2), 1, allowed(2));
  assertAlmostEquals(moment(3), 0, allowed(15));
  assertAlmostEquals(moment(4), 3, allowed(96));
});

Deno.test("Random: normal and uniform take their parameters", () => {
  const plain = new Random(5);
  const scaled = new Random(5);
  for (let i = 0; i < 4; i++) {
    assertAlmostEquals(scaled.normal(10, 3), 10 + 3 * plain.normal(), 1e-12);
  }
  for (let i = 0; i < 1000; i++) {
    const value = scaled.uniform(-2, 5);
    assert(-2 <= value && value < 5);
  }
});

Deno.test("Random: shuffle keeps the items and puts each anywhere equally often", () => {
  const random = new Random(6);
  assertUniform(tally(5, () => random.shuffle([0, 1, 2, 3, 4]).indexOf(0)));
  assertUniform(tally(5, () => random.shuffle([0, 1, 2, 3, 4])[3]));
  const shuffled = random.shuffle(Int32Array.from({ length: 50 }, (_, i) => i));
  assertEquals([...shuffled].sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
});

Deno.test("Random: choice takes each item equally often", () => {
  const random = new Random(7);
  const items = ["a", "b", "c"];
  assertUniform(tally(3, () => items.indexOf(random.choice(items))));
});

Deno.test("deriveSeed: every part and its place counts", () => {
  const seeds = [deriveSeed(42), deriveSeed(42, 0), deriveSeed(42, 1), deriveSeed(1, 42)];
  assertEquals(new Set(seeds).size, seeds.length);
  assertEquals(deriveSeed(42, 1), deriveSeed(42, 1));
  assertNotEquals(new Random(deriveSeed(42, 0)).next(), new Random(deriveSeed(42, 1)).next());
});

Deno.test("Random: a seed that is no whole number is refused, not taken for another", () => {
  for (const seed of [NaN, Infinity, 0.5]) {
    assertThrows(() => new Random(seed), UsageError, `seed ${seed}`);
    assertThrows(() => deriveSeed(1, seed), UsageError, `seed ${seed}`);
  }
});
