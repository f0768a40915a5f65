/** What a comparison makes of data that nobody would want to compare. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  type ColumnDrift,
  type ColumnSample,
  compare,
  type CompareOptions,
  numericStatistics,
  type PresetName,
} from "../../src/drift/mod.ts";
import { DataError, Random, UsageError, WorkerPool } from "../../src/base/mod.ts";
import { categoriesOf, normals, numbersOf } from "./samples.ts";

const random = new Random(22);
const presets: PresetName[] = ["calibrated", "evidently"];

async function one(
  reference: ColumnSample,
  current: ColumnSample,
  options?: CompareOptions,
): Promise<ColumnDrift> {
  const rows = (sample: ColumnSample) => "values" in sample ? sample.values.length : 1000;
  const result = await compare(
    { rows: rows(reference), columns: { x: reference } },
    { rows: rows(current), columns: { x: current } },
    options,
  );
  return result.columns[0];
}

const cells = (rows: number, cell: (i: number) => string | null) =>
  categoriesOf(Array.from({ length: rows }, (_, i) => cell(i)));

Deno.test("drift: no common columns and empty sides are told", async () => {
  const side = (name: string, rows = 3) => ({ rows, columns: { [name]: normals(random, rows) } });
  await assertRejects(() => compare(side("a"), side("b")), DataError, "no column of the reference");
  await assertRejects(
    () => compare(side("a"), side("a", 0)),
    DataError,
    "current data has no rows",
  );
  await assertRejects(() => compare(side("a", 0), side("a")), DataError, "reference has no rows");
  await assertRejects(() => compare(side("a"), side("a"), { falseDiscoveryRate: 0 }), RangeError);
});

Deno.test("drift: columns of one side alone are listed", async () => {
  const { missing_columns, new_columns, columns } = await compare(
    { rows: 9, columns: { a: normals(random, 9), old: normals(random, 9) } },
    { rows: 9, columns: { a: normals(random, 9), fresh: normals(random, 9) } },
  );
  assertEquals([missing_columns, new_columns], [["old"], ["fresh"]]);
  assertEquals(columns.map(({ column }) => column), ["a"]);
});

for (const preset of presets) {
  Deno.test(`drift: ${preset}: a column that changed its type is drift of high severity`, async () => {
    const { drifted, severity, note, test } = await one(
      normals(random, 50),
      cells(50, (i) => `n${i % 3}`),
      { preset },
    );
    assertEquals([drifted, severity, test], [true, "high", null]);
    assertEquals(note, "the reference holds numbers, the current data categories");
  });

  Deno.test(`drift: ${preset}: one row tells nothing and raises no alarm`, async () => {
    assertEquals((await one(normals(random, 500), numbersOf([0.1]), { preset })).drifted, false);
    assertEquals((await one(numbersOf([0.1]), numbersOf([0.2]))).drifted, false);
  });

  Deno.test(`drift: ${preset}: all missing on a side, or on both`, async () => {
    const nothing = numbersOf(Array<number>(200).fill(NaN));
    const gone = await one(normals(random, 200), nothing, { preset });
    assertEquals([gone.current_missing, gone.test, gone.note], [
      1,
      null,
      "no values in the current data",
    ]);
    assertEquals(gone.drifted, preset === "calibrated");
    if (preset === "calibrated") assertEquals(gone.severity, "high");
    const both = await one(nothing, cells(200, () => null), { preset });
    assertEquals([both.drifted, both.note], [false, "no values in both sides"]);
  });

  Deno.test(`drift: ${preset}: a constant column`, async () => {
    const constant = (value: number) => numbersOf(Array<number>(300).fill(value));
    const same = await one(constant(7), constant(7), { preset });
    assertEquals([same.drifted, same.severity], [false, "none"]);
    const moved = await one(constant(7), constant(8), { preset });
    assertEquals([moved.drifted, moved.severity], [true, "high"]);
    assertEquals(
      (await one(cells(300, () => "a"), cells(300, () => "a"), { preset })).drifted,
      false,
    );
  });

  Deno.test(`drift: ${preset}: infinities are missing, outliers do not hide a shift`, async () => {
    const shifted = normals(random, 5000, 0.5);
    shifted.values[0] = 1e9;
    shifted.values[1] = Infinity;
    const found = await one(normals(random, 5000), shifted, { preset });
    assert(found.drifted);
    assertAlmostEquals(found.current_missing, 1 / 5000);
    const edges = found.distribution!.kind === "number" ? found.distribution!.edges : [];
    assert(edges.at(-1)! < 10, "bins follow the bulk, not the outlier");
  });

  Deno.test(`drift: ${preset}: dates are not compared, their gaps are`, async () => {
    const dates = (start: number, gaps: number): ColumnSample => ({
      kind: "date",
      values: Float64Array.from({ length: 400 }, (_, i) => i < gaps ? NaN : start + i * 1000),
    });
    const later = await one(dates(0, 0), dates(1e12, 0), { preset });
    assertEquals([later.drifted, later.test], [false, null]);
    assert(later.note!.startsWith("dates move on"));
    const gaps = await one(dates(0, 0), dates(1e12, 80), { preset });
    assertEquals(gaps.missing_drifted, preset === "calibrated");
  });
}

Deno.test("drift: a thousand categories: no false alarm, and a real shift is found", async () => {
  const draw = (rows: number, weight: number) =>
    cells(rows, () => random.next() < weight ? "popular" : `name ${random.int(1000)}`);
  for (const rows of [500, 5000]) {
    const same = await one(draw(rows, 0.05), draw(rows, 0.05));
    assertEquals([same.drifted, same.unseen!.drifted], [false, false], `${rows} rows`);
    assert(same.distribution!.reference.length <= 21);
    const moved = await one(draw(rows, 0.05), draw(rows, 0.3));
    assert(moved.distribution_drifted, `${rows} rows`);
  }
});

Deno.test("drift: identifiers, all of them new, are no drift; a new category among few is", async () => {
  const ids = (start: number) => cells(3000, (i) => `id ${start + i}`);
  const found = await one(ids(0), ids(3000));
  assertEquals([found.drifted, found.test, found.unseen!.share], [false, null, 1]);
  assertEquals([found.unseen!.count, found.unseen!.categories.length], [3000, 20]);
  const fresh = await one(
    cells(900, (i) => `c${i % 4}`),
    cells(900, (i) => i < 60 ? "new" : `c${i % 4}`),
  );
  assertEquals([fresh.unseen!.drifted, fresh.unseen!.categories], [true, ["new"]]);
});

Deno.test("drift: free text is told apart by a classifier", async () => {
  const words = ["card", "lost", "bank", "money", "help", "please", "account", "today"];
  const other = ["refund", "parcel", "late", "courier"];
  const texts = (pool: string[]): ColumnSample => ({
    kind: "text",
    values: Array.from(
      { length: 300 },
      () => Array.from({ length: 6 }, () => random.choice(pool)).join(" "),
    ),
  });
  const same = await one(texts(words), texts(words));
  assertEquals([same.drifted, same.test], [false, "text_domain_classifier"]);
  const moved = await one(texts(words), texts([...words, ...other]));
  assertEquals([moved.drifted, moved.severity], [true, "high"]);
  const evidently = await one(texts(words), texts(other), { preset: "evidently" });
  assertEquals([evidently.test, evidently.drifted], [null, false]);
  assert(evidently.note);
});

Deno.test("drift: five thousand columns, with and without threads", async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `column ${i}`);
  const side = (mean: number) => ({
    rows: 100,
    columns: Object.fromEntries(
      names.map((name, i) => [name, normals(random, 100, i === 42 ? mean : 0)]),
    ),
  });
  const [reference, current] = [side(0), side(2)];
  const result = await compare(reference, current);
  const drifted = result.columns.filter((column) => column.drifted).map(({ column }) => column);
  assertEquals(drifted, ["column 42"]);
  await using pool = new WorkerPool(2);
  assertEquals(await compare(reference, current, { pool }), result);
});

Deno.test("drift: statistics of an older model, without a sketch, are compared by their histogram", async () => {
  const { sketch: _, ...old } = numericStatistics(normals(random, 4000).values);
  const same = await one(old, normals(random, 1000));
  assertEquals([same.test, same.drifted], ["chi_square_contingency", false]);
  const moved = await one(old, normals(random, 1000, 0.3));
  assertEquals([moved.drifted, moved.severity], [true, "medium"]);
  const other = await one(
    old,
    (({ sketch: _, ...rest }) => rest)(numericStatistics(normals(random, 99).values)),
  );
  assertEquals([other.test, other.drifted], [null, false]);
  await assertRejects(
    () => one(old, normals(random, 10), { preset: "evidently" }),
    UsageError,
    "needs the rows",
  );
});

Deno.test("drift: a statistic that was asked for judges by its own threshold", async () => {
  const [a, b] = [normals(random, 2000), normals(random, 2000, 0.5)];
  for (
    const test of ["psi", "wasserstein", "anderson", "jensenshannon", "ed", "hellinger"] as const
  ) {
    const found = await one(a, b, { tests: { x: test } });
    assertEquals([found.test, found.drifted], [test, true], test);
  }
  const categories = cells(50, (i) => `c${i % 3}`);
  await assertRejects(() => one(categories, categories, { tests: { x: "ks" } }), UsageError, "ks");
  await assertRejects(() => one(a, b, { tests: { x: "z" } }), UsageError);
  const typo = "pis" as "psi";
  await assertRejects(() => one(a, b, { tests: { x: typo } }), UsageError, "pis");
});

Deno.test("drift: importance raises and lowers severity, not the verdict", async () => {
  const side = (mean: number) => ({
    rows: 3000,
    columns: {
      a: normals(random, 3000, mean),
      b: normals(random, 3000, mean),
      c: normals(random, 3000),
    },
  });
  const { columns } = await compare(side(0), side(0.35), { importance: { a: 9, b: 0, c: 1 } });
  assertEquals(columns.map(({ drifted }) => drifted), [true, true, false]);
  assertEquals(columns.map(({ severity }) => severity), ["high", "low", "none"]);
  assertAlmostEquals(columns[0].importance!, 0.9);
});

Deno.test("drift: a changed correlation is seen by all columns together alone", async () => {
  const side = (sign: number) => {
    const a = normals(random, 1500);
    return {
      rows: 1500,
      columns: { a, b: numbersOf(a.values.map((value) => sign * value + random.normal())) },
    };
  };
  const same = await compare(side(1), side(1), { multivariate: true });
  assertEquals([same.drifted, same.multivariate!.drifted], [false, false]);
  const turned = await compare(side(1), side(-1), { multivariate: true });
  assertEquals([turned.drifted_columns, turned.multivariate!.drifted, turned.drifted], [
    0,
    true,
    true,
  ]);
});

Deno.test("drift: a result is plain JSON", async () => {
  const side = () => ({
    rows: 200,
    columns: { x: normals(random, 200), c: cells(200, (i) => `c${i % 5}`) },
  });
  const result = await compare(side(), side(), { multivariate: true });
  assertEquals(JSON.parse(JSON.stringify(result)), result);
});
