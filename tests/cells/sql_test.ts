import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import pl from "nodejs-polars";
import { UsageError, UserError } from "../../src/base/mod.ts";
import { type Data, sql } from "../../src/cells/mod.ts";

const people = [
  { Job: "Cook", Age: 28, 'a "b"': "x" },
  { Job: "it's; DROP TABLE table_1", Age: 61, 'a "b"': null },
  { Job: null, Age: null, 'a "b"': "y" },
];

Deno.test("sql: tables of all kinds are put in and joined, values are bound", async () => {
  const frame = pl.DataFrame({ Job: ["Cook", "Clerk"], wage: [10.5, 20] });
  const { rows, columns } = await sql`
    SELECT p.Job, p."a ""b""", wage * 2 AS twice, COUNT(*) AS n, SUM(Age) AS years
    FROM ${people} p JOIN ${frame} f ON p.Job = f.Job GROUP BY ALL`;
  assertEquals([rows, columns], [1, {
    ...{ Job: ["Cook"], 'a "b"': ["x"], twice: [21], n: [1], years: [28] },
  }]);
  const matrix = { rows: 2, columns: 2, data: Float32Array.of(1, 2, 3, 4) };
  assertEquals((await sql`SELECT x0 + x1 AS sum FROM ${matrix as unknown as Data}`).columns, {
    sum: [4, 6],
  });
});

Deno.test("sql: what is put in is never read as SQL", async () => {
  const hostile = "it's; DROP TABLE table_1";
  const found = await sql`SELECT Age FROM ${people} WHERE Job = ${hostile}`;
  assertEquals(found.columns, { Age: [61] });
  const list = await sql`SELECT Age FROM ${people} WHERE Job IN ${[hostile, "' OR 1=1 --"]}`;
  assertEquals(list.columns, { Age: [61] });
  const all = await sql`SELECT ${"' OR 1=1"} AS t, ${5n} AS i, ${0.5} AS f, ${true} AS b,
    ${null} AS n, ${new Date("2024-03-01T12:00:00Z")} AS d`;
  assertEquals(all.columns, {
    ...{ t: ["' OR 1=1"], i: [5], f: [0.5], b: ["true"], n: [null], d: ["2024-03-01 12:00:00"] },
  });
});

Deno.test("sql: results come as plain cells", async () => {
  const { columns } = await sql`SELECT 9007199254740993 AS big, 1.25 AS decimal,
    DATE '2024-02-29' AS day, [1, 2] AS list, 'NaN'::DOUBLE AS nan, 3::TINYINT AS small`;
  assertEquals(columns, {
    ...{ big: ["9007199254740993"], decimal: [1.25], day: ["2024-02-29"], list: ["[1, 2]"] },
    ...{ nan: [null], small: [3] },
  });
});

Deno.test("sql: files are read as Polars reads them, large tables come whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const n = 10_000;
    const frame = pl.DataFrame({
      k: Array.from({ length: n }, (_, i) => i % 7),
      v: Array.from({ length: n }, (_, i) => i / 3),
      t: Array.from({ length: n }, (_, i) => i % 5 === 0 ? null : `t${i % 3}`),
    });
    const wanted = frame.groupBy("k").agg(pl.col("v").sum()).sort("k").getColumn("v").toArray();
    frame.writeParquet(join(folder, "rows.parquet"));
    frame.writeCSV(join(folder, "rows.csv"));
    const query = (
      from: string,
    ) => [`SELECT k, SUM(v) AS v, COUNT(t) AS t FROM ${from} GROUP BY k ORDER BY k`];
    const of = (from: string) => sql(Object.assign(query(from), { raw: query(from) }));
    const results = [
      await sql`SELECT k, SUM(v) AS v, COUNT(t) AS t FROM ${frame} GROUP BY k ORDER BY k`,
      await of(`'${folder}/rows.parquet'`),
      await of(`'${folder}/rows.csv'`),
    ];
    for (const { columns } of results) {
      assertEquals(columns.t.reduce((sum: number, count) => sum + Number(count), 0), 8000);
      columns.v.forEach((value, i) => {
        // Sums differ in their order.
        assertEquals(Math.abs(Number(value) - Number(wanted[i])) < 1e-6, true);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("sql: errors tell what there is instead", async () => {
  const cases: [() => Promise<unknown>, string, string][] = [
    [() => sql`SELECT Agee FROM ${people}`, 'Referenced column "Agee" not found', '"Age"'],
    [() => sql`SELEC 1`, 'syntax error at or near "SELEC"', "LINE 1"],
    [() => sql`SELECT * FROM nothing`, "Table with name nothing does not exist", ""],
    [() => sql`SELECT * FROM 'none.parquet'`, "none.parquet", ""],
  ];
  for (const [run, message, next] of cases) {
    const error = await assertRejects(run, UserError);
    assertStringIncludes(error.message, "Cannot run the query: ");
    assertStringIncludes(error.message, message);
    assertStringIncludes(String(error.next), next);
  }
  const wrong = await assertRejects(
    () => sql`SELECT * FROM ${{ a: 1 } as unknown as Data}`,
    UsageError,
  );
  assertStringIncludes(wrong.message, "Cannot put value 1 into the query: it is object");
  await assertRejects(() => sql`SELECT 1 WHERE 1 IN ${[]}`, UsageError, "empty list");
});

Deno.test("sql: a query is stopped by the signal of its surroundings", async () => {
  const controller = new AbortController();
  const global = globalThis as Record<symbol, unknown>;
  const name = Symbol.for("dinoflow.signal");
  const before = global[name];
  global[name] = () => controller.signal;
  try {
    setTimeout(() => controller.abort(new Error("stopped")), 200);
    const start = performance.now();
    await assertRejects(
      () =>
        // No equality to join by: 10^14 pairs, so that no machine is done before the signal.
        sql`SELECT COUNT(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 > 3`,
      Error,
      "stopped",
    );
    assertEquals(performance.now() - start < 20_000, true);
  } finally {
    global[name] = before;
  }
});

Deno.test("sql: the result is shown as a table", async () => {
  const result = await sql`SELECT 1 AS a`;
  assertStringIncludes(Deno.inspect(result), "Table: 1 rows × 1 columns");
});
