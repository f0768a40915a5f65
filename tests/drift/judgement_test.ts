/** How tests are judged together, and tests of ties and ranges, against SciPy. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import {
  type ColumnDrift,
  compare,
  countStatistics,
  gapStatistics,
  numberStatistics,
} from "../../src/drift/mod.ts";
import { benjaminiHochberg } from "../../src/drift/judge.ts";
import { countBothSides } from "../../src/drift/measure_numbers.ts";
import { twoSampleTail } from "../../src/drift/statistics/kolmogorov_distribution.ts";
import { ksDistance } from "../../src/drift/statistics/kolmogorov_smirnov.ts";
import { tiedTail } from "../../src/drift/statistics/tied_tail.ts";
import { outsideTail } from "../../src/drift/statistics/unseen_numbers.ts";
import fixtures from "./fixtures/judgement.json" with { type: "json" };
import { categoriesOf, normals, numbersOf } from "./samples.ts";

async function one(
  reference: ReturnType<typeof numbersOf>,
  current: ReturnType<typeof numbersOf>,
): Promise<ColumnDrift> {
  const side = (x: ReturnType<typeof numbersOf>) => ({ rows: x.values.length, columns: { x } });
  return (await compare(side(reference), side(current))).columns[0];
}

Deno.test("drift: Benjamini-Hochberg discovers what SciPy's false_discovery_control does", () => {
  assert(fixtures.discoveries.some(({ found }) => found.includes(true) && found.includes(false)));
  for (const { p, rate, found } of fixtures.discoveries) {
    const cutOff = benjaminiHochberg(p, rate);
    assertEquals(p.map((one) => one <= cutOff), found, JSON.stringify({ p, rate }));
  }
});

Deno.test("drift: the tail of tied samples is that of all permutations", () => {
  for (const { reference, current, p } of fixtures.ties) {
    const [r, c] = [reference, current].map((values) => Float64Array.from(values).sort());
    const { reference: counts, current: others } = countBothSides(r, c, Infinity)!;
    let upTo = 0;
    const ends = counts.map((count, i) => (upTo += count + others[i]) / (r.length + c.length));
    // Enumeration and the walk along the lattice agree but for rounding.
    assertAlmostEquals(tiedTail(ksDistance(r, c), r.length, c.length, ends), p, 1e-9);
  }
});

Deno.test("drift: the tail of large tied samples is that of simulation, and no greater than SciPy's", () => {
  for (const { n, m, shares, distance, p } of fixtures.large_ties) {
    let upTo = 0;
    const found = tiedTail(distance, n, m, shares.map((share) => upTo += share));
    // 40,000 draws leave p uncertain by 3 × √(p / 40,000), smaller stand-ins by a sixth of it.
    assertAlmostEquals(found, p, 3 * Math.sqrt(p / 40_000) + p / 6);
    assert(found <= twoSampleTail(distance, n, m, 1e6));
  }
});

Deno.test("drift: the tail of values outside a range is SciPy's", () => {
  for (const { n, m, outside, p } of fixtures.ranges) {
    // Logarithms of binomials of 20,000 rows are right to about 1e-10.
    assertAlmostEquals(outsideTail(n, m, outside), p, 1e-8 + 1e-6 * p);
  }
});

Deno.test("drift: whether values repeat decides on the test, not how many rows there are", async () => {
  const random = new Random(16);
  for (const rows of [10, 12, 15]) {
    const found = await one(normals(random, rows), normals(random, rows, 50));
    assertEquals([found.test, found.drifted, found.severity], ["ks", true, "high"]);
  }
  const ten = await one(normals(random, 10), normals(random, 10, 50));
  assertAlmostEquals(ten.p_value!, 1.0825e-5, 1e-8); // SciPy's ks_2samp
  // Ten and ten of few values, separated: the same chance, by their order.
  const few = (from: number) => numbersOf(Array.from({ length: 10 }, (_, i) => from + i % 3));
  assertAlmostEquals((await one(few(0), few(7))).p_value!, 1.0825e-5 / 0.9, 1e-7);
});

Deno.test("drift: few ordered values are told apart as well as by SciPy's KS test, or better", async () => {
  const random = new Random(61);
  const sizes = [[60, 60, 3, 0.6], [100, 100, 5, 0.5], [300, 300, 20, 0.3], [2000, 300, 4, 0.2]];
  for (const [n, m, levels, shift] of sizes) {
    const draw = (rows: number, mean: number) =>
      numbersOf(
        Array.from({ length: rows }, () =>
          Math.max(0, Math.min(levels - 1, Math.floor((random.normal(mean) + 2) / 4 * levels)))),
      );
    let [ours, theirs, alarms] = [0, 0, 0];
    const reports = 60;
    for (let i = 0; i < reports; i++) {
      const [a, b] = [draw(n, 0), draw(m, shift)];
      if ((await one(a, b)).p_value! <= 0.05) ours++;
      if ((await one(a, draw(m, 0))).p_value! <= 0.05) alarms++;
      const distance = ksDistance(
        Float64Array.from(a.values).sort(),
        Float64Array.from(b.values).sort(),
      );
      if (twoSampleTail(distance, n, m) <= 0.05) theirs++;
    }
    assert(ours >= theirs, `${levels} values: ${ours} found of ${reports}, by KS ${theirs}`);
    // 60 tests at 5 % are above 9 with a chance below 1 in 1,000.
    assert(alarms <= 9, `${levels} values: ${alarms} alarms`);
  }
});

const sentinels = [
  { name: "below the range", value: -99_999 },
  { name: "above the range", value: 1e6 },
  { name: "within the range", value: 0 },
  { name: "just outside", value: 9 },
];
for (const { name, value } of sentinels) {
  Deno.test(`drift: a value never seen in 3 % of 10,000 rows is found: ${name}`, async () => {
    const random = new Random(Math.abs(value));
    let found = 0;
    for (let i = 0; i < 20; i++) {
      const current = normals(random, 10_000);
      for (let row = 0; row < 300; row++) current.values[row * 33] = value;
      const column = await one(normals(random, 10_000), current);
      if (column.drifted) found++;
      assertEquals(column.unseen!.categories[0], String(value));
      assert(column.note!.includes("values that the reference does not have"), column.note!);
      assert(!column.note!.includes("too small"));
    }
    assert(found >= 19, `${found} of 20`);
  });
}

Deno.test("drift: what lies within 1 %, or was to be expected, is no unseen value", async () => {
  const random = new Random(8);
  const rare = normals(random, 10_000);
  for (let row = 0; row < 50; row++) rare.values[row] = -99_999;
  assertEquals((await one(normals(random, 10_000), rare)).drifted, false);
  let alarms = 0;
  for (let i = 0; i < 200; i++) {
    const column = await one(normals(random, 40), normals(random, 400));
    if (column.unseen!.drifted) alarms++;
  }
  assert(alarms <= 20, `${alarms} of 200 at 5 %`);
});

Deno.test("drift: a note names what made a column drift", async () => {
  const side = (rows: number, fresh: number) => {
    const x = categoriesOf(Array.from({ length: rows }, (_, i) => i < fresh ? "new" : `c${i % 4}`));
    return { rows, columns: { x } };
  };
  const { columns: [fresh] } = await compare(side(10_000, 0), side(10_000, 200));
  assertEquals([fresh.drifted, fresh.severity], [true, "low"]);
  assertEquals(fresh.note, "2.0 % in 1 new category (new)");
  const random = new Random(5);
  const gaps = normals(random, 5000);
  for (let row = 0; row < 200; row++) gaps.values[row] = NaN;
  assertEquals((await one(normals(random, 5000), gaps)).note, "missing 0.0 % → 4.0 %");
  assert(
    /^\d+\.\d % moved$/.test((await one(normals(random, 500), normals(random, 500, 1))).note!),
  );
  const small = await one(normals(random, 100_000), normals(random, 100_000, 0.05));
  assertEquals([small.drifted, small.note], [false, "certain, but too small to matter"]);
});

Deno.test("drift: every statistic ends, whatever it is given", () => {
  const odd = [NaN, Infinity, -Infinity, -1];
  for (const [name, { measure }] of Object.entries(numberStatistics)) {
    for (const value of odd.slice(0, 3)) {
      const bad = Float64Array.of(1, value, 2);
      assertThrows(() => measure(bad, Float64Array.of(1, 2)), RangeError, "rising", name);
      assertThrows(() => measure(Float64Array.of(1, 2), bad), RangeError, "rising", name);
    }
    assertThrows(() => measure(Float64Array.of(2, 1), Float64Array.of(1)), RangeError, "rising");
    const constant = new Float64Array(50).fill(7);
    assert(!Number.isNaN(measure(constant, constant).score), name);
  }
  for (const [name, { measure }] of Object.entries({ ...countStatistics, ...gapStatistics })) {
    for (const value of odd) {
      const bad = Float64Array.of(5, value);
      assertThrows(() => measure(bad, Float64Array.of(5, 5)), RangeError, "counts", name);
      assertThrows(() => measure(Float64Array.of(5, 5), bad), RangeError, "counts", name);
    }
  }
});
