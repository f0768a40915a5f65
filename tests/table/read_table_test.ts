import { assert, assertEquals, assertRejects } from "@std/assert";
import { stringify } from "@std/csv";
import { join } from "@std/path";
import fc from "fast-check";
import pl from "nodejs-polars";
import { DataError } from "../../src/base/mod.ts";
import { type Table } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";

/** Runs `use` with a file of this content in a folder of its own. */
async function withFile<T>(
  name: string,
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, name);
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    return await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const read = (content: string | Uint8Array, name = "data.csv") =>
  withFile(name, content, (path) => readTable(path));

/** The message of the DataError, without the folder; its `next` must say something. */
async function refusal(content: string | Uint8Array, name = "data.csv"): Promise<string> {
  return await withFile(name, content, async (path) => {
    const error = await assertRejects(() => readTable(path), DataError);
    assert(error.next, "the error says what to do next");
    return error.message.replace(path, name);
  });
}

Deno.test("readTable keeps CSV cells as text and empty ones as null", async () => {
  assertEquals(await read('Age,Name\n28_,"Roe, A."\n,"said ""hi"""\n007,""\n'), {
    rows: 3,
    columns: { Age: ["28_", null, "007"], Name: ["Roe, A.", 'said "hi"', null] },
  });
});

Deno.test("readTable takes a byte order mark, CRLF, line feeds in quotes and no last line end", async () => {
  const expected: Table = { rows: 2, columns: { a: ["1", "2"], b: ["x\ny", "z"] } };
  assertEquals(await read('\ufeffa,b\r\n1,"x\ny"\r\n2,z'), expected);
  assertEquals(await read('\ufeff"a","b"\n1,"x\ny"\n2,z\n\n\n'), expected);
});

Deno.test("readTable tells the separator from the header line", async () => {
  const expected: Table = { rows: 1, columns: { "a,1": ["1,5"], b: ["2"] } };
  assertEquals(await read('"a,1";b\n1,5;2\n'), expected);
  assertEquals(await read("a\tb\n1,5\t2\n", "data.tsv"), {
    rows: 1,
    columns: { a: ["1,5"], b: ["2"] },
  });
});

Deno.test("readTable takes blank lines of a single column as missing, but not at the end", async () => {
  assertEquals(await read("a\n1\n\n3\n\n"), { rows: 3, columns: { a: ["1", null, "3"] } });
});

Deno.test("readTable gives back any table that a CSV writer wrote", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "1", ",", ";", '"', "\n", " ", "é", "😀") });
  const rows = fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })
  );
  await fc.assert(
    fc.asyncProperty(rows, async (rows) => {
      const names = rows[0].map((_, j) => `column ${j}`);
      const table = await read(stringify([names, ...rows], { headers: false }));
      const columns = names.map((name, j) => [name, rows.map((row) => row[j] || null)]);
      assertEquals(table, { rows: rows.length, columns: Object.fromEntries(columns) });
    }),
    { numRuns: 200, seed: 42 },
  );
});

Deno.test("readTable reads many rows in their order", async () => {
  const rows = 60_000;
  const text = "id,note\n" +
    Array.from({ length: rows }, (_, i) => `${i},"note ${i}, é"\n`).join("");
  const table = await read(text);
  assertEquals(table.rows, rows);
  assertEquals(table.columns.id, Array.from({ length: rows }, (_, i) => String(i)));
  assertEquals(table.columns.note.at(-1), `note ${rows - 1}, é`);
});

Deno.test("readTable names the line that is wrong", async () => {
  assertEquals(
    await refusal('a,b\n1,"x\ny"\n3,4,5\n'),
    "Cannot read data.csv: line 4 has 3 fields, the header has 2 columns",
  );
  assertEquals(
    await refusal("a,b,c\n1,2,3\n4,5\n"),
    "Cannot read data.csv: line 3 has 2 fields, the header has 3 columns",
  );
  assertEquals(
    await refusal("a,b\n1,2\n\n3,4\n"),
    "Cannot read data.csv: line 3 is blank, the header has 2 columns",
  );
  assertEquals(
    await refusal('a,b\n1,2\n3,"x\n5,6\n'),
    "Cannot read data.csv: the quote that opens on line 3 is never closed",
  );
  assertEquals(
    await refusal('a,b\n1,x"y\n'),
    "Cannot read data.csv: line 2 has a quote inside an unquoted field",
  );
  assertEquals(
    await refusal('a,b\n1,"x"y\n'),
    "Cannot read data.csv: line 2 has text after a closing quote",
  );
});

Deno.test("readTable names the first byte that is not UTF-8", async () => {
  const bytes = Uint8Array.from("a,b\n1,é\n2,x\n", (letter) => letter.charCodeAt(0)); // Latin-1
  assertEquals(await refusal(bytes), "Cannot read data.csv: it is not UTF-8 (line 2, byte 6)");
  const late = new Uint8Array(2_000_000).fill(10, 4);
  late.set([97, 44, 98, 10]);
  for (let i = 4; i < late.length; i += 4) late.set([49, 44, 50, 10], i);
  late[1_500_002] = 0xff;
  assertEquals(
    await refusal(late),
    "Cannot read data.csv: it is not UTF-8 (line 375001, byte 1500002)",
  );
});

Deno.test("readTable refuses files without rows or with two columns of one name", async () => {
  assertEquals(
    await refusal('a,"b"c"\n1,2\n'),
    "Cannot read data.csv: the quotes of its header line do not match",
  );
  assertEquals(await refusal(""), "Cannot read data.csv: it is empty or starts with a blank line");
  assertEquals(
    await refusal("a,b\n\n"),
    "Cannot read data.csv: it has a header of 2 columns and no rows",
  );
  assertEquals(
    await refusal("a,b,a\n1,2,3\n"),
    'Cannot read data.csv: 2 columns are named "a" (columns 1, 3)',
  );
});

Deno.test("readTable reads fields between bars, and tells the places of few columns", async () => {
  assertEquals((await read("a|b|c,d\n1|2,5|x\n|y|z\n")).columns, {
    ...{ a: ["1", null], b: ["2,5", "y"], "c,d": ["x", "z"] },
  });
  assertEquals(
    await refusal(`${"a,".repeat(200)}b\n1\n`),
    'Cannot read data.csv: 200 columns are named "a" (columns 1, 2, 3, 4, 5, …)',
  );
});

Deno.test("readTable refuses what is no table by its first bytes", async () => {
  assertEquals(
    await refusal("a,b\n1,2\n", "data.parquet"),
    "Cannot read data.parquet: it is not a Parquet file",
  );
  assertEquals(
    await refusal(Uint8Array.of(0x1f, 0x8b, 8, 0)),
    "Cannot read data.csv: it is a gzip archive",
  );
  assertEquals(
    await refusal(Uint8Array.of(0xff, 0xfe, 97, 0)),
    "Cannot read data.csv: it is UTF-16 text",
  );
  for (
    const [content, kind] of [
      ['[{"a":1}]', "JSON"],
      ['\n {"a":[1]}', "JSON"],
      ["[[1,2]]", "JSON"],
      ["{}", "JSON"],
      ["<!DOCTYPE html><p>sign in,please\n", "a web page or XML"],
      ["\n<html>a,b\n", "a web page or XML"],
      ['<?xml version="1.0"?>\n<a/>', "a web page or XML"],
      ["SQLite format 3\0", "a SQLite database"],
      ["%PDF-1.7\n", "a PDF document"],
      ["BZh91AY", "a bzip2 archive"],
      ["ARROW1\0\0", "an Arrow file"],
    ]
  ) assertEquals(await refusal(content), `Cannot read data.csv: it is ${kind}`);
  // Names may look like the beginning of one.
  for (const header of ["[a],b", "{a},b", "<a>,b", "%P,b"]) {
    assertEquals(Object.keys((await read(`${header}\n1,2\n`)).columns), header.split(","));
  }
  for (const [content, line] of [["a,b\n1,x\0\n", 2], ["a\0,\0b\0\n\x001\0", 1]] as const) {
    assertEquals(
      await refusal(content),
      `Cannot read data.csv: line ${line} holds a NUL byte, which no text does`,
    );
  }
  assertEquals(
    await refusal("a,b\r1,2\r3,4\r"),
    "Cannot read data.csv: its lines end with a carriage return alone",
  );
  // Two columns "n" of one row, written by pyarrow 25.
  const twice =
    "UEFSMRUAFRwVHCwVAhUAFQYVBhwAAAACAAAAAgEBAAAAAAAAABUAFRwVHCwVAhUAFQYVBhwAAAACAAAAAg" +
    "ECAAAAAAAAABUEGTw1ABgGc2NoZW1hFQQAFQQlAhgBbgAVBCUCGAFuABYCGRwZLCYAHBUEGSUGABkYAW4VABYCFkIW" +
    "QiYISRwVABUAFQIAPCkGGSYAAgAAACYAHBUEGSUGABkYAW4VABYCFkIWQiZKSRwVABUAFQIAPCkGGSYAAgAAABaEAR" +
    "YCJggWhAEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRksHAAAHAAAALEAAABQQVIx";
  assertEquals(
    await refusal(Uint8Array.fromBase64(twice), "data.parquet"),
    'Cannot read data.parquet: columns are named "n" more than once',
  );
  assertEquals(
    await refusal("PAR1 and then nothing", "data.parquet"),
    "Cannot read data.parquet: it is a damaged Parquet file",
  );
});

Deno.test("readTable names similar files where one is missing, and refuses a folder", async () => {
  await withFile("train.csv", "a\n1\n", async (path) => {
    const misspelt = path.replace("train.csv", "trian.csv");
    const missing = await assertRejects(() => readTable(misspelt), DataError);
    assertEquals(missing.message, `Cannot read ${misspelt}: there is no such file`);
    assertEquals(missing.next, `did you mean ${path}`);
    const folder = path.replace("/train.csv", "");
    const refused = await assertRejects(() => readTable(folder), DataError);
    assertEquals(refused.message, `Cannot read ${folder}: it is a folder`);
    const nowhere = `${folder}/none/train.csv`;
    const lost = await assertRejects(() => readTable(nowhere), DataError);
    assertEquals([lost.message, lost.next], [
      `Cannot read ${nowhere}: there is no such file`,
      "check the path",
    ]);
  });
});

Deno.test("readTable reads CSV whatever the file is called", async () => {
  const expected: Table = { rows: 1, columns: { a: ["1"], b: ["2"] } };
  for (const name of ["data", "data.txt", "data [1] *.csv"]) {
    assertEquals(await read("a,b\n1,2\n", name), expected);
  }
});

Deno.test("readTable keeps the numbers of Parquet, whatever the file is called", async () => {
  const bytes = pl.DataFrame({ Age: [28, null], Name: ["Roe", ""] }).writeParquet();
  const expected: Table = { rows: 2, columns: { Age: [28, null], Name: ["Roe", null] } };
  assertEquals(await read(bytes, "data.parquet"), expected);
  assertEquals(await read(bytes, "data.bin"), expected);
});

Deno.test("readTable names the nested column of a Parquet file", async () => {
  const bytes = pl.DataFrame({ a: [1, 2], tags: [["x"], ["y", "z"]] }).writeParquet();
  assertEquals(
    await refusal(bytes, "data.parquet"),
    'Cannot read data.parquet: column "tags" holds nested values (List)',
  );
});

Deno.test("readTable refuses Parquet without rows", async () => {
  const bytes = pl.DataFrame({ a: [1], b: ["x"] }).head(0).writeParquet();
  assertEquals(
    await refusal(bytes, "data.parquet"),
    "Cannot read data.parquet: it has 2 columns and no rows",
  );
});
