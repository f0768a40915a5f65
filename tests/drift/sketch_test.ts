/** Sketches: how exact they are, that they merge, and that they survive JSON. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  CategorySketch,
  categoryStatistics,
  NumberSketch,
  type NumericStatistics,
  numericStatistics,
  QuantileSketch,
  SampleSketch,
} from "../../src/drift/mod.ts";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { categoriesOf, numbersOf } from "./samples.ts";

const thawed = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** The greatest difference of a sketch's ranks from the true ones, as a share of the rows. */
function rankError(sketch: QuantileSketch, values: Float64Array): number {
  const sorted = values.toSorted();
  const { points, cumulative } = sketch.points();
  // Without ties a value's true share is its place; the sketch may differ at and just before it.
  return sorted.reduce(({ worst, at }, value, i) => {
    while (at < points.length && points[at] <= value) at++;
    const told = at === 0 ? 0 : cumulative[at - 1];
    return { worst: Math.max(worst, Math.abs(told - (i + 1) / sorted.length)), at };
  }, { worst: 0, at: 0 }).worst;
}

const orders: Record<string, (values: Float64Array) => Float64Array> = {
  "in random order": (values) => values,
  rising: (values) => values.toSorted(),
  falling: (values) => values.toSorted().reverse(),
};

for (const [name, order] of Object.entries(orders)) {
  Deno.test(`drift: a quantile sketch keeps its rank error on numbers ${name}`, () => {
    const random = new Random(11);
    let [beyond, checked] = [0, 0];
    for (const rows of [150, 1000, 20_000, 100_000]) {
      for (let seed = 0; seed < 5; seed++) {
        const values = order(Float64Array.from({ length: rows }, () => random.normal()));
        const sketch = new QuantileSketch();
        values.forEach((value) => sketch.add(value));
        const error = rankError(sketch, values);
        if (rows <= 200) assertAlmostEquals(error, 0, 1e-12);
        checked++;
        if (error > sketch.error + 1 / rows) beyond++;
        // The bound is for one value at 99 %; the worst of all values stays below twice of it.
        assert(error <= 2 * sketch.error + 1e-12, `${rows} rows: ${error}`);
        const kept = sketch.toJSON().levels.reduce((sum, level) => sum + level.length, 0);
        assert(kept <= 3 * 200 + 10 * 8, `${kept} numbers kept`);
      }
    }
    assert(beyond <= checked / 5, `${beyond} of ${checked} sketches are beyond the bound`);
  });
}

Deno.test("drift: merged quantile sketches keep the rank error, and the same data give the same", () => {
  const random = new Random(5);
  const merged = () => {
    const all = new QuantileSketch();
    const values = [];
    for (let part = 0; part < 100; part++) {
      const one = new QuantileSketch();
      for (let i = 0; i < 37 * (part + 1); i++) {
        values.push(random.normal(part / 50));
        one.add(values.at(-1)!);
      }
      all.merge(thawed(one.toJSON()));
    }
    return { all, values: Float64Array.from(values) };
  };
  const { all, values } = merged();
  assertEquals(all.count, values.length);
  assert(rankError(all, values) <= 2 * all.error);
  const [a, b] = [new QuantileSketch(), new QuantileSketch()];
  values.forEach((value) => (a.add(value), b.add(value)));
  assertEquals(a.toJSON(), b.toJSON());
  assertThrows(() => a.merge(new QuantileSketch(100).toJSON()), RangeError, "k of 100");
});

Deno.test("drift: a number sketch tells what numericStatistics tells, also merged and saved", () => {
  const random = new Random(2);
  const values = Array.from({ length: 30_000 }, (_, i) => i % 50 === 0 ? NaN : random.normal(3, 2));
  const whole = numericStatistics(values);
  const parts = [values.slice(0, 7), values.slice(7, 12_000), values.slice(12_000)].map((part) => {
    const sketch = new NumberSketch();
    sketch.addRows(numbersOf(part), 0, part.length);
    return thawed(sketch.statistics());
  });
  const merged = NumberSketch.from(parts[0]);
  parts.slice(1).forEach((part) => merged.merge(part));
  const found = merged.statistics();
  const exact = ({ count, missing, min, max }: NumericStatistics) => ({ count, missing, min, max });
  assertEquals(exact(found), exact(whole));
  assertAlmostEquals(found.mean!, whole.mean!, 1e-10);
  assertAlmostEquals(found.sd!, whole.sd!, 1e-10);
  assertEquals(found.histogram.counts.reduce((sum, count) => sum + count), whole.count);
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  found.quantiles.forEach((quantile, i) => {
    const rank = sorted.findIndex((value) => value > quantile) / sorted.length;
    if (i < 20) assertAlmostEquals(rank, i / 20, 0.0133);
  });
});

Deno.test("drift: statistics of an older version, without a sketch, cannot be continued", () => {
  const { sketch: _, ...old } = numericStatistics([1, 2, 3]);
  assertThrows(() => NumberSketch.from(old), UsageError, "no sketch");
});

Deno.test("drift: a category sketch is exact up to 256 categories and bounded beyond", () => {
  const few = categoriesOf(["a", "b", null, "a"]);
  const sketch = new CategorySketch();
  sketch.addRows(few, 0, 3);
  const merged = CategorySketch.from(thawed(sketch.statistics()));
  merged.addRows(few, 3, 4);
  assertEquals(merged.statistics(), categoryStatistics(few.codes, few.vocabulary));

  // Half the values are one of 3 names, half one of 5,000.
  const random = new Random(4);
  const many = new CategorySketch();
  const truth = new Map<string, number>();
  for (let i = 0; i < 50_000; i++) {
    const name = i % 2 === 0 ? `often ${random.int(3)}` : `seldom ${random.int(5000)}`;
    truth.set(name, (truth.get(name) ?? 0) + 1);
    many.add(name);
  }
  const { categories, count, other } = many.statistics();
  assertEquals(count, 50_000);
  assertEquals(categories.reduce((sum, { count }) => sum + count, other), count);
  assert(categories.length <= 256);
  for (const name of ["often 0", "often 1", "often 2"]) {
    const found = categories.find((category) => category.name === name)!.count;
    assert(found <= truth.get(name)! && found >= truth.get(name)! - 50_000 / 257, name);
  }
});

Deno.test("drift: a sample sketch refuses a column that changed what it holds", () => {
  const sketch = new SampleSketch();
  sketch.add({ rows: 1, columns: { x: numbersOf([1]) } });
  const text = { kind: "text" as const, values: ["one"] };
  assertThrows(() => sketch.add({ rows: 1, columns: { x: text } }), DataError, "now holds texts");
  sketch.add({
    rows: 2,
    columns: {
      t: { kind: "text", values: ["a", null] },
      d: { kind: "date", values: Float64Array.of(0, NaN) },
    },
  });
  assertEquals(sketch.sample().columns.t, { kind: "text", count: 1, missing: 1 });
  assertEquals(sketch.sample().columns.d, { kind: "date", count: 1, missing: 1 });
});
