/**
 * Rows that come in groups: what they are worth, and that reports without drift
 * stay silent.
 *
 * A preset that keeps 5 % false alarms is above 5 of 24 reports with a chance
 * below 1 in 1,000; where rows count as independent, values that eight rows
 * repeat raise an alarm in nearly all of them.
 */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { drawSample } from "../../bench/drift_simulation.ts";
import { deriveSeed, Random } from "../../src/base/mod.ts";
import {
  type CategorySample,
  categoryStatistics,
  type ColumnValues,
  compare,
  type NumberSample,
  NumberSketch,
  numericStatistics,
  type RawSample,
  SampleSketch,
  valueGroups,
} from "../../src/drift/mod.ts";
import { effectiveCounts } from "../../src/drift/effective_sample_size.ts";
import { categoriesOf, normals, numbersOf } from "./samples.ts";

const ROWS = 8;
/** How often a row repeats its customer's value, column by column: correlations of 0.49, 0.81, 1. */
const REPEATED = [0.7, 0.9, 1];

/** Customers of eight rows each, whose columns repeat their values more or less often. */
function customers(random: Random, count: number): RawSample & { groups: Int32Array } {
  const groups = Int32Array.from({ length: ROWS * count }, (_, row) => Math.floor(row / ROWS));
  const [own, fresh] = [drawSample(random, count), drawSample(random, groups.length)];
  const columns = Object.keys(own.columns).map((name, i): [string, ColumnValues] => {
    const repeats = groups.map(() => random.next() < REPEATED[i % REPEATED.length] ? 1 : 0);
    const mixed = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Float64Array.from(groups, (group, row) => repeats[row] ? a[group] : b[row]);
    const [a, b] = [own.columns[name], fresh.columns[name]] as (NumberSample | CategorySample)[];
    return [
      name,
      "codes" in a
        ? { ...a, codes: mixed(a.codes, (b as CategorySample).codes) }
        : { kind: "number", values: mixed(a.values, (b as NumberSample).values) },
    ];
  });
  return { rows: groups.length, columns: Object.fromEntries(columns), groups };
}

function sketchOf(sample: RawSample) {
  const sketch = new SampleSketch();
  sketch.add(sample);
  return sketch.sample();
}

for (const [before, now] of [[120, 60], [300, 100]]) {
  Deno.test(`drift: rows of ${before} and ${now} customers raise few false alarms and hide no shift`, async () => {
    const [reports, most] = [24, 5];
    const alarms = { rows: 0, sketch: 0, independent: 0, found: 0 };
    for (let seed = 0; seed < reports; seed++) {
      const random = new Random(deriveSeed(5, before, seed));
      const [reference, current] = [customers(random, before), customers(random, now)];
      const drifted = async (a: Parameters<typeof compare>[0], b: RawSample) =>
        (await compare(a, b, { seed })).drifted ? 1 : 0;
      const sketch = sketchOf(reference);
      alarms.rows += await drifted(reference, current);
      alarms.sketch += await drifted(sketch, current);
      const [a, b] = [reference, current].map(({ groups: _, ...sample }) => sample);
      alarms.independent += await drifted(a, b);
      const values = (current.columns["normal 0"] as NumberSample).values.map((value) => value + 1);
      const columns = { ...current.columns, "normal 0": { kind: "number" as const, values } };
      const { columns: found } = await compare(sketch, { ...current, columns }, { seed });
      alarms.found += found.find(({ column }) => column === "normal 0")!.drifted ? 1 : 0;
    }
    assert(alarms.rows <= most && alarms.sketch <= most, JSON.stringify(alarms));
    assert(alarms.independent >= 20, JSON.stringify(alarms));
    // A power of 0.9 misses more than 8 of 24 almost never.
    assert(alarms.found >= reports - 8, JSON.stringify(alarms));
  });
}

Deno.test("drift: groups of equal size are worth n / (1 + (m − 1)ρ) by analysis of variance", () => {
  const random = new Random(3);
  const groups = Int32Array.from({ length: 2400 }, (_, row) => Math.floor(row / ROWS));
  const common = Float64Array.from({ length: 300 }, () => random.normal());
  const values = Float64Array.from(groups, (group) => common[group] + random.normal());
  const sorted = values.toSorted();
  const ranks = values.map((value) => sorted.indexOf(value));
  const codes = values.map((value) => value > 0 ? 1 : 0);
  // The sums of squares have k − 1, k and n − 1 degrees of freedom; that is all they differ by.
  const close = (found: number, scores: Float64Array) =>
    assertAlmostEquals(found / (values.length / byAnova(scores, ROWS)), 1, 0.005);
  close(effectiveCounts({ kind: "number", values }, groups).values, ranks);
  const column = { kind: "category", codes, vocabulary: ["low", "high"] } as const;
  close(effectiveCounts(column, groups).values, codes);
});

/** 1 + (m − 1)ρ of rows that lie group by group. */
function byAnova(values: Float64Array, m: number): number {
  const mean = (part: Float64Array) => part.reduce((sum, value) => sum + value, 0) / part.length;
  const squares = (part: Float64Array) =>
    part.reduce((sum, value) => sum + (value - mean(part)) ** 2, 0);
  const parts = Array.from(
    { length: values.length / m },
    (_, i) => values.subarray(m * i, m * i + m),
  );
  const between = m * squares(Float64Array.from(parts, mean)) / (parts.length - 1);
  const within = parts.reduce((sum, part) => sum + squares(part), 0) /
    (values.length - parts.length);
  return 1 + (m - 1) * (between - within) / (between + (m - 1) * within);
}

Deno.test("drift: repeated rows are worth one a group, gaps by themselves, nothing varying too", () => {
  const groups = [0, 0, 0, 1, 1, 2, 2, 3];
  const worth = (column: ColumnValues) => effectiveCounts(column, groups);
  // (Σm)² / Σm² of groups of 3, 2, 2 and 1 rows.
  const least = 64 / 18;
  const same = worth(numbersOf([5, 5, 5, 1, 1, 9, 9, 3]));
  assertAlmostEquals(same.values, least, 1e-12);
  assertAlmostEquals(same.rows, least, 1e-12);
  assertAlmostEquals(worth(categoriesOf(Array(8).fill("a"))).values, least, 1e-12);
  // Gaps that fall evenly over groups tell as much as independent rows.
  const gaps = worth(numbersOf([5, NaN, 5, 1, NaN, NaN, 9, 3]));
  assertEquals([gaps.rows, gaps.values < 5, gaps.groups], [8, true, 4]);
  assertEquals(effectiveCounts(numbersOf([1, 2, 3]), [0, 0, 0]).values, 1);
  assertEquals(effectiveCounts(numbersOf([NaN, NaN]), [0, 1]).values, 0);
  assertThrows(() => effectiveCounts(numbersOf([1, 2]), [0]), RangeError, "2 values by 1 groups");
});

Deno.test("drift: rows that are groups of their own give the result of rows without groups", async () => {
  const random = new Random(8);
  const [reference, current] = [drawSample(random, 300), drawSample(random, 200)];
  const own = ({ rows, columns }: RawSample) => ({
    rows,
    columns,
    groups: Int32Array.from({ length: rows }, (_, i) => i),
  });
  const { reference_groups, current_groups, ...found } = await compare(
    own(reference),
    own(current),
  );
  const { reference_groups: _, current_groups: __, ...plain } = await compare(reference, current);
  assertEquals(found, plain);
  assertEquals([reference_groups, current_groups, _, __], [300, 200, null, null]);
});

Deno.test("drift: the preset evidently knows nothing of groups", async () => {
  const random = new Random(9);
  const [reference, current] = [customers(random, 40), customers(random, 30)];
  const [a, b] = [reference, current].map(({ groups: _, ...sample }) => sample);
  const options = { preset: "evidently" } as const;
  assertEquals(
    (await compare(reference, current, options)).columns,
    (await compare(a, b, options)).columns,
  );
});

Deno.test("drift: merged sketches add what their rows are worth, also saved and with rows alone", () => {
  const [groups, random] = [Int32Array.of(0, 0, 1, 1), new Random(1)];
  const repeated = sketchOf({ rows: 4, columns: { x: numbersOf([1, 1, 2, 2]) }, groups });
  const sketch = new SampleSketch();
  sketch.merge(JSON.parse(JSON.stringify(repeated)));
  sketch.merge(repeated);
  sketch.add({ rows: 3, columns: { x: normals(random, 3) } });
  const { x } = sketch.sample().columns;
  assertEquals(x.effective, { values: 2 + 2 + 3, rows: 2 + 2 + 3, groups: 2 + 2 + 3 });
  assertEquals(x.count, 11);
  const merged = NumberSketch.from(numericStatistics([1, 1, 2, 2], groups));
  merged.merge(numericStatistics([3]));
  assertEquals(merged.statistics().effective, { values: 3, rows: 3, groups: 3 });
  assertEquals(categoryStatistics([0, 0, 1, 1], ["a", "b"], groups).effective?.values, 2);
  assertEquals(
    sketchOf({ rows: 3, columns: { x: normals(random, 3) } }).columns.x.effective,
    undefined,
  );
});

Deno.test("drift: items of a list count by their rows and these by their group", async () => {
  const rows = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
  const items = { ...categoriesOf(["a", "b", "a", "b", "a", "c", "a", "c"]), rows };
  const sample = { rows: 4, columns: { items }, groups: Int32Array.of(0, 0, 1, 1) };
  assertEquals(effectiveCounts(items, valueGroups(items, sample.groups)!).groups, 2);
  assertEquals(effectiveCounts(items, valueGroups(items, undefined)!).groups, 4);
  const { columns, current_groups } = await compare(sample, sample);
  assertEquals([columns[0].drifted, current_groups], [false, 2]);
});

Deno.test("drift: texts and the classifier of all columns look at one row of each group", async () => {
  const words = (name: string) =>
    Array.from({ length: 400 }, (_, row) => `${name} of person ${Math.floor(row / 100)}`);
  const groups = Int32Array.from({ length: 400 }, (_, row) => Math.floor(row / 100));
  const sample = (name: string) => ({
    rows: 400,
    columns: {
      text: { kind: "text" as const, values: words(name) },
      x: numbersOf(groups),
      y: numbersOf(groups),
    },
    groups,
  });
  const { columns, multivariate } = await compare(sample("words"), sample("others"), {
    multivariate: true,
  });
  // Four texts on each side are too few to be certain, and four rows for a classifier.
  assertEquals([columns[0].drifted, multivariate], [false, null]);
});
