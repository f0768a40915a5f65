import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import pl from "nodejs-polars";
import { DataError } from "../../src/base/mod.ts";
import { readTypedTable, readTypedTables, type TypedColumn } from "../../src/table/mod.ts";
import { inFolder } from "../in_folder.ts";

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

Deno.test("readTypedTables: dates of Parquet beside texts, and none beside numbers", () =>
  inFolder(async (folder) => {
    const paths = ["dates.parquet", "words.csv"].map((name) => join(folder, name));
    const days = [new Date("2026-01-31"), null, new Date("2026-02-01")];
    const nothing = [null, null, null];
    pl.DataFrame([
      pl.Series("day", days, pl.Datetime("ms")).cast(pl.Date),
      pl.Series("moment", days, pl.Datetime("ms")),
      pl.Series("never", nothing, pl.Datetime("ms")),
      pl.Series("unsaid", nothing, pl.Bool),
    ]).writeParquet(paths[0]);
    const line = (_: unknown, i: number) => `${i % 2 === 0 ? "2026-01-31,1" : "soon,2"},${i / 2},7`;
    const lines = Array.from({ length: 200 }, line).join("\n");
    await Deno.writeTextFile(paths[1], `day,moment,never,unsaid\n${lines}\n`);
    const [dates, words] = (await readTypedTables(paths)).map(({ columns }) => columns);
    // A day has the spelling of the other file, and so one code there.
    assertEquals(plain(dates.day), ["category", "2026-01-31", null, "2026-02-01"]);
    assertEquals(plain(words.day).slice(0, 3), ["category", "2026-01-31", "soon"]);
    assertEquals(plain(dates.moment)[1], Date.UTC(2026, 0, 31));
    assertEquals(plain(words.moment).slice(0, 3), ["number", 1, 2]);
    for (const name of ["never", "unsaid"]) {
      assertEquals(dates[name], {
        kind: "number",
        values: Float64Array.of(NaN, NaN, NaN),
        unreadable: 0,
      });
    }
  }));

Deno.test("readTypedTable: a day that does not exist is missing, and counted", () =>
  inFolder(async (folder) => {
    const path = join(folder, "days.csv");
    const lines = Array.from({ length: 20 }, (_, i) => `2026-0${i === 7 ? 0 : 1}-${10 + i},x`);
    await Deno.writeTextFile(path, `day,b\n${lines.join("\n")}\n`);
    const { columns: { day } } = await readTypedTable(path);
    assertEquals(plain(day).slice(8, 10), [NaN, Date.UTC(2026, 0, 18)]);
    assertEquals(day.kind === "date" && day.unreadable, 1);
  }));
