import { assert, assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import { DataError, join } from "../../src/base/mod.ts";
import { emptyMatrix } from "../../src/dataset/mod.ts";
import { parquet, parquetRows } from "../../src/table/mod.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("slices: each text is there once in the order of the rows, empty ones are missing", () =>
  inFolder(async (folder) => {
    const path = join(folder, "rows.parquet");
    pl.DataFrame([
      pl.Series("job", ["Cook", null, "", "Smith", "Cook", "", "Judge", null], pl.Utf8),
      pl.Series("none", ["", null, "", null, "", "", "", ""], pl.Utf8),
      pl.Series("age", [3, null, 5, 0, 1, 2, 3, 4], pl.Float64),
      pl.Series("count", [1, 2, null, 4, 5, 6, 7, 8], pl.Int64),
    ]).writeParquet(path);
    const { readSlice } = await parquet();
    const { rows, columns } = readSlice(path, ["job", "none", "age", "count"], 1, 7);
    assertEquals(rows, 7);
    assertEquals(columns, {
      job: {
        kind: "texts",
        codes: Int32Array.of(-1, -1, 0, 1, -1, 2, -1),
        distinct: ["Smith", "Cook", "Judge"],
      },
      none: { kind: "texts", codes: new Int32Array(7).fill(-1), distinct: [] },
      age: { kind: "numbers", values: Float64Array.of(NaN, 5, 0, 1, 2, 3, 4) },
      count: { kind: "numbers", values: Float64Array.of(2, NaN, 4, 5, 6, 7, 8) },
    });
  }));

Deno.test("slices: whole numbers that Float64 would round are exact texts", () =>
  inFolder(async (folder) => {
    const path = join(folder, "rows.parquet");
    const ids = pl.Series("id", ["9007199254740993", "7", null, "7"], pl.Utf8).cast(pl.Int64);
    pl.DataFrame([ids, pl.Series("open", [true, null, false, true], pl.Bool)]).writeParquet(path);
    const { columns } = (await parquet()).readSlice(path, ["id", "open"], 0, 4);
    const codes = Int32Array.of(0, 1, -1, 1);
    assertEquals(columns.id, { kind: "texts", codes, distinct: ["9007199254740993", "7"] });
    assertEquals(columns.open, {
      kind: "texts",
      codes: Int32Array.of(0, -1, 1, 0),
      distinct: ["true", "false"],
    });
  }));

Deno.test("parquetFiles: a file, or those of a folder by name; else says what is wrong", () =>
  inFolder(async (folder) => {
    const { parquetFiles } = await parquet();
    await assertRejects(() => parquetFiles(folder), DataError, "no file in it ends with .parquet");
    const [first, second] = ["a.parquet", "b.parquet"].map((name) => join(folder, name));
    pl.DataFrame({ x: [1, 2, 3], y: ["u", "v", "w"] }).writeParquet(second);
    pl.DataFrame({ x: [1] }).writeParquet(first);
    await Deno.writeTextFile(join(folder, "notes.txt"), "no rows");
    const found = { path: second, rows: 3, columns: ["x", "y"] };
    assertEquals(await parquetFiles(folder), [{ path: first, rows: 1, columns: ["x"] }, found]);
    assertEquals(await parquetFiles(second), [found]);
    const missing = join(folder, "c.parquet");
    await assertRejects(() => parquetFiles(missing), DataError, `Cannot read ${missing}`);
    await Deno.truncate(first, 20);
    const broken = await assertRejects(() => parquetFiles(folder), DataError);
    assertEquals(broken.message, `Cannot read ${first}: it is not a whole Parquet file`);
  }));

Deno.test("writeParquet: columns of the input, numbers and names, whole or not at all", () =>
  inFolder(async (folder) => {
    const [from, to] = ["in.parquet", "out.parquet"].map((name) => join(folder, name));
    pl.DataFrame({ id: ["a", "b", "c"], skipped: [1, 2, 3] }).writeParquet(from);
    const { readSlice, writeParquet } = await parquet();
    const parts = [[0, 2], [2, 1]].map(([at, rows]) =>
      readSlice(from, ["skipped", "id"], at, rows)
    );
    const columns = [
      { name: "score", values: Float64Array.of(0.1, NaN, 1e300) },
      { name: "share", values: Float32Array.of(0.5, 0.25, 0.1) },
      { name: "label", codes: Int32Array.of(1, 0, 1), names: ["no", "yes"] },
    ];
    await writeParquet(to, columns, parts.map(({ frame }) => frame.select("id")));
    const written = pl.readParquet(to);
    assertEquals(written.columns, ["id", "score", "share", "label"]);
    assertEquals(written.dtypes.map((type) => type.variant), [
      "String",
      "Float64",
      "Float32",
      "String",
    ]);
    assertEquals(written.getColumn("id").toArray(), ["a", "b", "c"]);
    assertEquals([...written.getColumn("score")], [0.1, NaN, 1e300]);
    assertEquals([...written.getColumn("share")], [0.5, 0.25, Math.fround(0.1)]);
    assertEquals(written.getColumn("label").toArray(), ["yes", "no", "yes"]);

    const before = await Deno.readFile(to);
    await Deno.mkdir(join(folder, "taken.parquet"));
    await assertRejects(() => writeParquet(join(folder, "taken.parquet"), columns));
    await assertRejects(() => writeParquet(to, [columns[0], { ...columns[1], name: "score" }]));
    assertEquals(await Deno.readFile(to), before);
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(names.sort(), ["in.parquet", "out.parquet", "taken.parquet"]);
  }));

Deno.test("parquetRows: a slice runs over the borders of files, what is missing is NaN", () =>
  inFolder(async (folder) => {
    const rows = (x: (number | null)[], yes: (boolean | null)[], target: (number | null)[]) =>
      pl.DataFrame([
        pl.Series("x", x, pl.Float64),
        pl.Series("yes", yes, pl.Bool),
        pl.Series("target", target, pl.Int64),
        pl.Series("word", x.map(() => "w"), pl.Utf8),
      ]);
    rows([1, 2, null], [true, false, null], [10, 20, 30]).writeParquet(join(folder, "a.parquet"));
    rows([4], [true], [null]).writeParquet(join(folder, "b.parquet"));
    rows([5, 6], [false, true], [50, 60]).writeParquet(join(folder, "c.parquet"));
    const table = await parquetRows(folder, { columns: ["yes", "x"], target: "target" });
    assertEquals([table.rows, table.columns], [6, 2]);
    const slice = emptyMatrix(4, 2);
    const targets = new Float64Array(new SharedArrayBuffer(8 * 4));
    await table.read(1, slice, targets);
    assertEquals([...slice.data], [0, NaN, 1, 0, 2, NaN, 4, 5]);
    assertEquals([...targets], [20, 30, NaN, 50]);

    const words = await parquetRows(folder, { columns: ["word"], target: "x" });
    const refused = await assertRejects(
      () => words.read(0, emptyMatrix(4, 1), targets) as Promise<unknown>,
      DataError,
      'column "word" holds no numbers',
    );
    assert(refused.message.includes(join(folder, "a.parquet")));
    const missing = await assertRejects(
      () => parquetRows(folder, { columns: ["x", "z"], target: "label" }),
      DataError,
    );
    assertEquals(
      missing.message,
      `Cannot read ${join(folder, "a.parquet")}: it has no column z, label`,
    );
  }));
