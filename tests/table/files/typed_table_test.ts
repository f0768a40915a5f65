import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import pl from "nodejs-polars";
import { DataError } from "../../../src/base/mod.ts";
import { readTypedTable, type TypedColumn } from "../../../src/table/mod.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A column as plain lists, with its texts instead of codes. */
function plain(column: TypedColumn): unknown[] {
  if (column.kind !== "category") return [column.kind, ...column.values];
  return [column.kind, ...Array.from(column.codes, (code) => column.vocabulary[code] ?? null)];
}

Deno.test("readTypedTable: finds numbers, dates, categories and sentences in texts", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.csv");
    const lines = Array.from({ length: 20 }, (_, i) =>
      [
        i === 3 ? "28_" : i === 4 ? "NA" : i / 2,
        i % 2 === 0 ? `2026-01-${10 + i}` : `2026-01-${10 + i}T12:00:00Z`,
        i === 0 ? "NA" : ["red", "green"][i % 2],
        `the order ${i} came late`,
        i === 5 ? "" : `key${i}`,
        "",
      ].join(","));
    await Deno.writeTextFile(path, `n,d,c,t,k,none\n${lines.join("\n")}\n`);
    const { rows, columns } = await readTypedTable(path, ["NA"]);
    assertEquals(rows, 20);
    assertEquals(plain(columns.n).slice(0, 7), ["number", 0, 0.5, 1, NaN, NaN, 2.5]);
    // The one text that is neither a number nor a missing value.
    assertEquals(columns.n.kind === "number" && columns.n.unreadable, 1);
    assertEquals(plain(columns.d).slice(0, 3), [
      "date",
      Date.UTC(2026, 0, 10),
      Date.UTC(2026, 0, 11, 12),
    ]);
    assertEquals(plain(columns.c).slice(0, 4), ["category", null, "green", "red"]);
    assertEquals(plain(columns.t).slice(0, 2), ["text", "the order 0 came late"]);
    assertEquals(plain(columns.k).slice(5, 8), ["key4", null, "key6"]);
    assertEquals(plain(columns.none).slice(0, 2), ["category", null]);
  }));

Deno.test("readTypedTable: Parquet keeps its types, whatever number of columns is read at a time", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.parquet");
    const moment = new Date("2026-01-31T12:00:00Z");
    const series = [
      pl.Series("whole", [1, null, 3], pl.Int64),
      pl.Series("flag", [true, null, false], pl.Bool),
      pl.Series("moment", [moment, null, moment], pl.Datetime("ms")),
      pl.Series("word", ["a", null, "b"], pl.Utf8),
      ...Array.from(
        { length: 90 },
        (_, j) => pl.Series(`more${j}`, [j, j + 0.5, null], pl.Float64),
      ),
    ];
    pl.DataFrame(series).writeParquet(path);
    const { rows, columns } = await readTypedTable(path);
    assertEquals([rows, Object.keys(columns).length], [3, 94]);
    assertEquals(plain(columns.whole), ["number", 1, NaN, 3]);
    assertEquals(plain(columns.flag), ["category", "true", null, "false"]);
    assertEquals(plain(columns.moment), ["date", moment.getTime(), NaN, moment.getTime()]);
    assertEquals(plain(columns.word), ["category", "a", null, "b"]);
    assertEquals(plain(columns.more89), ["number", 89, 89.5, NaN]);
  }));

Deno.test("readTypedTable: nested columns are refused by name", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.parquet");
    pl.DataFrame({ list: [[1, 2], [3]] }).writeParquet(path);
    await assertRejects(() => readTypedTable(path), DataError, 'column "list" holds nested values');
  }));

Deno.test("readTypedTable: numbers are found below any number of rows without one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "late.csv");
    const lines = Array.from(
      { length: 5000 },
      (_, i) => i < 1500 ? "NA,word 1" : `${i / 4},${i % 2 === 0 ? "word 2" : i % 100}`,
    );
    await Deno.writeTextFile(path, `n,c\n${lines.join("\n")}\n`);
    const { columns: { n, c } } = await readTypedTable(path, ["NA"]);
    assertEquals([n.kind, n.kind === "number" && n.unreadable], ["number", 0]);
    assertEquals(plain(n).slice(1500, 1503), [NaN, 375, 375.25]);
    assertEquals(plain(c).slice(0, 2), ["category", "word 1"]);
    assertEquals(plain(c).slice(1501, 1504), ["word 2", "1", "word 2"]);
  }));
