/** Kinds of columns: every Parquet type, every spelling, decided over all files together. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DataError } from "../../src/base/mod.ts";
import { type Cell, inferColumn, parseMoment } from "../../src/dataset/mod.ts";
import {
  isRowIdentifier,
  readTable,
  readTypedTable,
  readTypedTables,
  type TypedColumn,
} from "../../src/table/mod.ts";
import types from "./fixtures/parquet_types.json" with { type: "json" };

async function withFiles<T>(
  contents: readonly (string | Uint8Array)[],
  use: (paths: string[]) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const paths: string[] = [];
    for (const [i, content] of contents.entries()) {
      const path = join(folder, `${i}`);
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
      paths.push(path);
    }
    return await use(paths);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The values of a column, with its texts instead of codes. */
function valuesOf(column: TypedColumn): (string | number | null)[] {
  if (column.kind !== "category") return [...column.values];
  return Array.from(column.codes, (code) => column.vocabulary[code] ?? null);
}

for (const { type, parquet, expected } of types) {
  Deno.test(`table: a Parquet column of ${type} is read, or refused by file and column`, () =>
    withFiles([Uint8Array.fromBase64(parquet)], async ([path]) => {
      if (typeof expected === "string") {
        for (const read of [readTable, readTypedTable]) {
          const error = await assertRejects(
            () => read(path) as Promise<unknown>,
            DataError,
            expected,
          );
          assertStringIncludes(error.message, path);
          if (!type.startsWith("decimal")) assertStringIncludes(error.message, 'column "column"');
          assert(error.next);
        }
        return;
      }
      assertEquals((await readTable(path)).columns.column, expected as Cell[]);
      const { columns: { column } } = await readTypedTable(path);
      assertEquals(
        valuesOf(column).map((value) =>
          value === null || Number.isNaN(value) ? null : typeof value
        ),
        [
          ...expected.map((value) => value === null ? null : typeofTyped(column)),
        ],
      );
    }));
}

function typeofTyped({ kind }: TypedColumn): string {
  return kind === "number" || kind === "date" ? "number" : "string";
}

const csv = (cells: readonly string[], separator = ";") =>
  `a${separator}b\n${cells.map((cell) => `${cell}${separator}x`).join("\n")}\n`;

const written: [string, string[], number[]][] = [
  ["decimal commas", ["1,5", "2,25", "-0,5", "3"], [1.5, 2.25, -0.5, 3]],
  ["points and decimal commas", ["1.234,50", "12", "1.000.000,00"], [1234.5, 12, 1e6]],
  ["thousands and a point", ["1,234.50", "12", "1,000,000.00"], [1234.5, 12, 1e6]],
  ["apostrophes", ["1'234.50", "12.5", "1'000'000"], [1234.5, 12.5, 1e6]],
  ["narrow blanks", ["1\u202f234,50", "12,5", "1\u00a0000"], [1234.5, 12.5, 1000]],
  ["blanks around", [" 7", "8 ", "\u00a09.5"], [7, 8, 9.5]],
  ["a minus of typographers", ["\u22127.5", "8", "9"], [-7.5, 8, 9]],
  ["exponents", ["1e3", "2.5E-1", "+4"], [1000, 0.25, 4]],
];
for (const [name, cells, numbers] of written) {
  Deno.test(`table: numbers are read as people write them: ${name}`, () =>
    withFiles([csv(cells)], async ([path]) => {
      const { a } = (await readTypedTable(path)).columns;
      assertEquals(a, { kind: "number", values: Float64Array.from(numbers), unreadable: 0 });
      assertEquals(inferColumn(cells).kind, "number");
      // A feature set that declares them reads numbers too.
      const declared = (await readTable(path)).columns.a.map((cell) => Number(String(cell).trim()));
      if (!name.includes("typographers") && !name.includes("apostr")) {
        assertEquals(declared, numbers);
      }
    }));
}

Deno.test("table: what could be read in two ways is read as the rest of the file is written", async () => {
  const column = (a: string[], b: string[], separator: string) =>
    `a${separator}b\n${a.map((cell, i) => `${cell}${separator}${b[i]}`).join("\n")}\n`;
  const both = ["1.234", "5.678"];
  await withFiles([
    column(both, ["0,5", "1,25"], ";"),
    column(both, ["0.5", "1.25"], ";"),
    column(["0.123", "0.456"], ["u", "v"], ";"),
    column(["1,234", "5,678"], ["u", "v"], ";"),
    column(['"1,234"', '"5,678"'], ["u", "v"], ","),
  ], async (paths) => {
    const found = await Promise.all(
      paths.map(async (path) => valuesOf((await readTypedTable(path)).columns.a)),
    );
    assertEquals(found, [[1234, 5678], [1.234, 5.678], [0.123, 0.456], [1.234, 5.678], [
      1234,
      5678,
    ]]);
  });
});

Deno.test("table: a feature's cells stay as they are where they are no numbers for people", () =>
  withFiles([
    csv(["28_", "__10000__", "3.5"]),
    `a,b\n"1,2","x"\n"3,4","y"\n`,
    csv(["22 Years and 1 Months", "1,5", "x"]),
  ], async ([dirt, list, words]) => {
    assertEquals((await readTable(dirt)).columns.a, ["28_", "__10000__", "3.5"]);
    assertEquals((await readTable(list)).columns.a, ["1,2", "3,4"]);
    assertEquals((await readTable(words)).columns.a, ["22 Years and 1 Months", "1,5", "x"]);
  }));

const codes = Array.from({ length: 100 }, (_, row) => String(row % 3));
const together: [string, string[], string[], string, string[]][] = [
  ["a letter among codes", codes, codes.with(7, "X"), "category", ["0", "1", "2"]],
  ["7.0, 7 and +7", ["7.0", "X", "8.0"], ["7", "+8", "Y"], "category", ["7", "X", "8"]],
  ["True and true", ["True", "False"], ["true", "FALSE"], "category", ["true", "false"]],
  ["1 and true", ["1", "0"], ["true", "False"], "category", ["true", "false"]],
  ["true among words", ["True", "maybe"], ["true", "no"], "category", ["true", "maybe"]],
  ["leading zeros beside a letter", ["007", "A"], ["7", "B"], "category", ["007", "A"]],
  ["nothing on one side", ["", ""], ["1.5", "2"], "number", []],
];
for (const [name, first, second, kind, vocabulary] of together) {
  Deno.test(`table: columns of two files get one kind and one spelling: ${name}`, () =>
    withFiles([csv(first), csv(second)], async (paths) => {
      const [was, is] = (await readTypedTables(paths)).map(({ columns }) => columns.a);
      assertEquals([was.kind, is.kind], [kind, kind]);
      if (was.kind === "category") assertEquals(was.vocabulary, vocabulary);
    }));
}

Deno.test("table: what is lost is counted, also where one side alone is dirty", () => {
  const numbers = Array.from({ length: 100 }, (_, row) => `${row / 2}`);
  return withFiles([csv(numbers), csv(numbers.with(3, "28_").with(4, "?"))], async (paths) => {
    const [was, is] = (await readTypedTables(paths)).map(({ columns }) => columns.a);
    const lost = [was, is].map((column) => column.kind === "number" && column.unreadable);
    assertEquals(lost, [0, 2]);
    assertEquals(inferColumn(numbers.with(3, "28_")).unreadable, 1);
  });
});

Deno.test("table: moments without a zone are UTC; others keep theirs", () => {
  const ten = Date.UTC(2026, 0, 31, 10);
  for (
    const text of [
      ...["2026-01-31 10:00", "2026-01-31T10:00:00", "2026-01-31 10:00:00.000000"],
      ...["2026-01-31T10:00:00Z", "2026-01-31 12:00:00+02:00", "2026-01-31 05:00:00-05"],
      ...["2026-01-31 10:00:00 UTC", " 2026-01-31 15:30+0530 "],
    ]
  ) assertEquals(parseMoment(text), ten, text);
  assertEquals(parseMoment("2026-01-31"), Date.UTC(2026, 0, 31));
  for (const text of ["31.1.2026", "2026", "", "2026-13-01", "10:00"]) {
    assertEquals(parseMoment(text), NaN, text);
  }
});

Deno.test("table: numbers that name rows are told from those that merely differ", () => {
  const column = (value: (row: number) => number): TypedColumn => ({
    kind: "number",
    values: Float64Array.from({ length: 200 }, (_, row) => value(row)),
    unreadable: 0,
  });
  const categories = (rows: number, different: number): TypedColumn => ({
    kind: "category",
    codes: Int32Array.from({ length: rows }, (_, row) => row % different),
    vocabulary: Array.from({ length: different }, (_, code) => `T${code}`),
  });
  const scattered = (row: number) => (row * 7919 % 200) ** 2 * 31;
  const yes: [string, TypedColumn][] = [
    ["row", column((row) => row)],
    ["order", column((row) => 10_000 - 3 * row)],
    ["shuffled", column((row) => row * 7919 % 200)],
    ["customer_id", column(scattered)],
    ["customerId", column(scattered)],
    ["Unnamed: 0", column(scattered)],
    ["rising_id", column((row) => row - Number(row % 25 === 0))],
    ["rising with gaps", column((row) => row === 100 ? NaN : 1000 * row)],
    ["ticket", categories(100, 95)],
  ];
  const no: [string, TypedColumn][] = [
    ["price", column(scattered)],
    ["sorted price", column((row) => row ** 3)],
    ["half", column((row) => row / 2)],
    ["id", column((row) => row % 20)],
    ["paid", column(scattered)],
    ["short", column((row) => row < 49 ? row : NaN)],
    // Four rows in a hundred repeat another: a name says that it is a key, an order does not.
    ["rising", column((row) => row - Number(row % 25 === 0))],
    ["rising and once falling", column((row) => 1e6 + 1e4 * (row === 100 ? 98.5 : row))],
    ["kind", categories(100, 50)],
    ["few", categories(49, 49)],
    ["day", { kind: "date", values: Float64Array.from(codes.keys()), unreadable: 0 }],
  ];
  for (const [name, own] of yes) assert(isRowIdentifier(name, own), name);
  for (const [name, own] of no) assert(!isRowIdentifier(name, own), name);
});
