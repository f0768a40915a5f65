/**
 * The preset `evidently` against Evidently itself on public data, split in ways:
 * the same statistic, score, threshold and verdict for each column, and the same
 * verdict over all. The data are not part of the project; the verdicts are
 * written by tests/python/make_evidently_fixtures.py.
 */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { parse } from "@std/csv";
import { type ColumnValues, compare } from "../../src/drift/mod.ts";
import fixtures from "./fixtures/evidently.json" with { type: "json" };
import { categoriesOf } from "./samples.ts";

const DATA = "../shared/data";

/** What pandas reads as missing. */
const MISSING = new Set(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a", "<NA>"]);

/** What pandas reads as a number. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface Split {
  column?: string;
  at?: number;
  reference?: (string | number)[];
  current?: (string | number)[];
}

for (const [i, { file, separator, split, expected }] of fixtures.entries()) {
  const path = `${DATA}/${file}`;
  Deno.test({
    name: `drift: preset evidently is Evidently on ${file}, split ${i}: ${JSON.stringify(split)}` +
      (exists(path) ? "" : ` (needs ${DATA})`),
    ignore: !exists(path),
    fn: async () => {
      const table = read(path, separator);
      const [reference, current] = [
        rowsOf(table, split, "reference"),
        rowsOf(table, split, "current"),
      ];
      const result = await compare(
        { rows: reference.length, columns: columnsOf(table, reference) },
        { rows: current.length, columns: columnsOf(table, current) },
        { preset: "evidently" },
      );
      const found = new Map(result.columns.map((column) => [column.column, column]));
      for (const { column, test, score, threshold, drifted } of expected.columns) {
        assert(found.has(column), column);
        const ours = found.get(column)!;
        assertEquals([ours.test, ours.threshold, ours.drifted], [test, threshold, drifted], column);
        assertAlmostEquals(ours.score!, score, 1e-6, column);
      }
      const tested = result.columns.filter(({ test }) => test !== null);
      assertEquals(tested.length, expected.columns.length);
      assertEquals(result.drifted_columns, expected.drifted_columns);
      assertAlmostEquals(result.drifted_share, expected.share, 1e-12);
      assertEquals(result.drifted, expected.drifted);
    },
  });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

type CsvTable = Record<string, (string | null)[]>;
const tables = new Map<string, CsvTable>();

function read(path: string, separator: string): CsvTable {
  const known = tables.get(path);
  if (known) return known;
  const [head, ...rows] = parse(Deno.readTextFileSync(path), { separator }) as string[][];
  const table: CsvTable = Object.fromEntries(head.map((name, i) => [
    name,
    rows.map((row) => MISSING.has(row[i]) ? null : row[i]),
  ]));
  tables.set(path, table);
  return table;
}

function rowsOf(table: CsvTable, split: Split, side: "reference" | "current"): number[] {
  const rows = Object.values(table)[0].map((_, row) => row);
  if (split.at !== undefined) {
    const at = split.at;
    const values = table[split.column!];
    return rows.filter((row) => (Number(values[row]) <= at) === (side === "reference"));
  }
  if (split.column !== undefined) {
    const values = table[split.column];
    return rows.filter((row) => split[side]!.includes(values[row]!));
  }
  return rows.slice(...split[side] as [number, number]);
}

/** A column is of numbers where all of its values are, on both sides of the split. */
function columnsOf(table: CsvTable, rows: number[]): Record<string, ColumnValues> {
  return Object.fromEntries(
    Object.entries(table).map(([name, values]): [string, ColumnValues] => {
      const numbers = values.every((value) => value === null || DECIMAL.test(value));
      const taken = rows.map((row) => values[row]);
      return [
        name,
        numbers
          ? {
            kind: "number",
            values: Float64Array.from(taken, (value) => value === null ? NaN : Number(value)),
          }
          : categoriesOf(taken),
      ];
    }),
  );
}
