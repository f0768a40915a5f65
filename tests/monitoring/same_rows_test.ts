/** The same rows, whoever wrote them: one verdict for each column. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import pl from "nodejs-polars";
import { driftVerdict } from "../../src/monitoring/mod.ts";
import { find, inFolder, noise } from "./files.ts";

type Value = string | number | boolean | null;

/** Rows of all kinds of columns; `moved` shifts half of them. */
function rowsOf(rows: number, moved: boolean, stream: number): Record<string, Value[]> {
  const column = (value: (row: number) => Value) =>
    Array.from({ length: rows }, (_, i) => value(i));
  const at = (row: number, own: number) => noise(row, 10 * stream + own);
  return {
    id: column((row) => 4000 + row),
    price: column((row) => Math.round(1e5 * (at(row, 1) + (moved ? 0.4 : 0))) / 100),
    stays: column((row) => Math.round(1e4 * at(row, 2)) / 1e4),
    flag: column((row) => at(row, 3) < (moved ? 0.8 : 0.4)),
    calm: column((row) => at(row, 4) < 0.5),
    code: column((row) => row % 11 === 0 ? null : Math.floor(4 * at(row, 5))),
    word: column((row) => ["red", "green", "blue"][Math.floor(3 * at(row, 6))]),
    when: column((row) => `2026-0${1 + row % 9}-1${row % 10} 10:00:00`),
  };
}

const pandas = (value: Value) =>
  value === null ? "" : typeof value === "boolean" ? value ? "True" : "False" : String(value);

/** Ways to write rows down. */
const writers: Record<string, (path: string, columns: Record<string, Value[]>) => Promise<void>> = {
  "CSV of pandas": (path, columns) =>
    writeText(
      path,
      columns,
      ",",
      (value, name) => name === "code" && value !== null ? `${value}.0` : pandas(value),
    ),
  "CSV with semicolons and decimal commas": (path, columns) =>
    writeText(path, columns, ";", (value) => pandas(value).replace(/^(\d+)\.(\d+)$/, "$1,$2")),
  "CSV with thousands and blanks": (path, columns) =>
    writeText(
      path,
      columns,
      ";",
      (value, name) =>
        typeof value === "number" && name === "price"
          ? ` ${value.toLocaleString("de-DE", { minimumFractionDigits: 2 })} `
          : pandas(value).replace(/^(\d+)\.(\d+)$/, "$1,$2"),
    ),
  "Parquet": (path, columns) =>
    Promise.resolve(
      pl.DataFrame(
        Object.entries(columns).map(([name, values]) => {
          if (typeof values[0] === "boolean") return pl.Series(name, values, pl.Bool);
          if (name === "id") return pl.Series(name, values, pl.Int64);
          if (name === "when") {
            const times = values.map((value) => new Date(`${String(value).replace(" ", "T")}Z`));
            return pl.Series(name, times, pl.Datetime("ms"));
          }
          return typeof values.find((value) => value !== null) === "number"
            ? pl.Series(name, values, pl.Float64).cast(name === "code" ? pl.Int32 : pl.Float64)
            : pl.Series(name, values, pl.Utf8);
        }),
      ).writeParquet(path),
    ),
  "Parquet of short types": (path, columns) =>
    Promise.resolve(
      pl.DataFrame(
        Object.entries(columns).map(([name, values]) => {
          if (typeof values[0] === "boolean") return pl.Series(name, values.map(pandas), pl.Utf8);
          return typeof values.find((value) => value !== null) === "number"
            ? pl.Series(name, values, pl.Float64).cast(
              name === "stays" ? pl.Float32 : name === "price" ? pl.Decimal(12, 2) : pl.Float64,
            )
            : pl.Series(name, values, pl.Utf8).cast(name === "word" ? pl.Categorical : pl.Utf8);
        }),
      ).writeParquet(path),
    ),
};

function writeText(
  path: string,
  columns: Record<string, Value[]>,
  separator: string,
  text: (value: Value, name: string) => string,
): Promise<void> {
  const names = Object.keys(columns);
  const lines = columns[names[0]].map((_, row) =>
    names.map((name) => text(columns[name][row], name)).join(separator)
  );
  return Deno.writeTextFile(path, `${names.join(separator)}\n${lines.join("\n")}\n`);
}

Deno.test("drift: the same rows give the same verdicts, whatever wrote them on either side", () =>
  inFolder(async (folder) => {
    const paths: Record<string, Record<string, string>> = {};
    for (const [name, write] of Object.entries(writers)) {
      const own = (side: string) => join(folder, `${side} ${name}`.replaceAll(" ", "_"));
      paths[name] = { reference: own("reference"), same: own("same"), moved: own("moved") };
      await write(paths[name].reference, rowsOf(600, false, 0));
      await write(paths[name].same, rowsOf(500, false, 1));
      await write(paths[name].moved, rowsOf(500, true, 2));
    }
    for (const [side, drifted] of [["same", []], ["moved", ["flag", "price"]]] as const) {
      let first: unknown;
      for (const [was, is] of pairs(Object.keys(writers))) {
        const params = { reference: paths[was].reference, current: paths[is][side], model: "none" };
        const found = await find(params);
        const verdicts = found.inputs.columns.map((column) => ({
          column: column.column,
          kind: column.kind,
          drifted: column.drifted,
          severity: column.severity,
          test: column.test,
          missing: column.current_missing,
          p: column.p_value?.toPrecision(6),
        }));
        first ??= verdicts;
        assertEquals(verdicts, first, `${was} and ${is}`);
        assertEquals(
          verdicts.filter((one) => one.drifted).map((one) => one.column).sort(),
          drifted,
        );
        const left = [{ column: "id", why: "names rows" }];
        assertEquals([found.current.leftOut, found.current.unreadable], [left, {}]);
        if (side === "same") {
          assertMatch(
            driftVerdict(found),
            /^No drift: .*Not compared: id \(names rows\); when \(dates/,
          );
        }
      }
    }
  }));

/** Each way with itself and with the first. */
function pairs(names: readonly string[]): [string, string][] {
  return names.flatMap((name): [string, string][] => [[names[0], name], [name, names[0]]]);
}

const kinds: [string, (row: number) => Value, (row: number) => Value][] = [
  ["True and true", (row) => row % 2 ? "True" : "False", (row) => row % 2 ? "true" : "false"],
  ["TRUE and 1", (row) => row % 2 ? "TRUE" : "FALSE", (row) => row % 2 ? 1 : 0],
  ["blanks and none", (row) => ` ${row % 40} `, (row) => row % 40],
  [
    "grouped by points",
    (row) => `${1 + row % 9}.${100 + row % 800},5`,
    (row) => 1000 * (1 + row % 9) + 100 + row % 800 + 0.5,
  ],
  [
    "grouped by commas",
    (row) => `${1 + row % 9},${100 + row % 800}.5`,
    (row) => 1000 * (1 + row % 9) + 100 + row % 800 + 0.5,
  ],
  [
    "7.0 and 7",
    (row) => row % 50 === 0 ? "X" : `${row % 4}.0`,
    (row) => row % 50 === 0 ? "X" : row % 4,
  ],
  ["+5 and 5", (row) => `+${row % 60}`, (row) => row % 60],
  ["a stray letter on one side", (row) => row % 4, (row) => row === 7 ? "B" : row % 4],
];
for (const [name, was, is] of kinds) {
  Deno.test(`drift: two spellings of one value are no drift: ${name}`, () =>
    inFolder(async (folder) => {
      const write = (side: string, value: (row: number) => Value) => {
        const path = join(folder, `${side}.csv`);
        return writeText(
          path,
          {
            a: Array.from({ length: 400 }, (_, row) => value(row)),
            b: Array<Value>(400).fill("b"),
          },
          ";",
          String,
        )
          .then(() => path);
      };
      const [reference, current] = [await write("was", was), await write("is", is)];
      const { inputs } = await find({ reference, current, model: "none" });
      const [column] = inputs.columns;
      assertEquals([column.drifted, column.current_missing], [false, 0]);
      assert(column.effect! < 0.02, `effect ${column.effect}`);
    }));
}
