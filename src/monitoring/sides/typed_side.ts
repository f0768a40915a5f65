/** Sides from files of which nothing is declared. */

import { DataError } from "../../base/mod.ts";
import type { ColumnSample } from "../../drift/mod.ts";
import { missingTexts } from "../../features/mod.ts";
import { readTypedTable, type TypedColumn, type TypedTable } from "../../table/mod.ts";
import { countDuplicates } from "./duplicates.ts";
import { identifying, type Side, without } from "./side.ts";

/** Distinct texts over all texts from which on they tell rows apart instead of describing them. */
const IDENTIFYING = 0.9;
/** Fewer values say nothing about that. */
const FEW = 50;
/** What identifiers are called: `id`, `order_key`, `customerId`. */
const identifierNames = [/(^|[_\W])(id|key|index|nr|no)$/i, /[a-z]I[dD]$/];
/** Numbers that fill their range to this share count rows. */
const DENSE = 0.5;

/**
 * Reads two files; what their columns hold is found out from their values. A
 * column that identifies the rows of either is compared in neither.
 *
 * @param time Column that tells when rows came to be; empty where none does.
 * @throws {DataError} where a file, or that column, cannot be read.
 */
export async function typedSides(
  reference: string,
  current: string,
  time: string,
): Promise<{ readonly reference: Side; readonly current: Side }> {
  const was = await readTypedTable(reference, missingTexts);
  const is = await readTypedTable(current, missingTexts);
  const names = [was, is].flatMap(({ columns }) =>
    Object.keys(columns).filter((name) => isIdentifier(name, columns[name]))
  );
  const leftOut = [...new Set(names)].sort().map((column) => ({ column, why: identifying }));
  const side = (path: string, table: TypedTable) => without(typedSide(path, table, time), leftOut);
  return { reference: side(reference, was), current: side(current, is) };
}

function typedSide(path: string, table: TypedTable, time: string): Side {
  const columns: Record<string, ColumnSample> = {};
  const unreadable: Record<string, number> = {};
  for (const [name, column] of Object.entries(table.columns)) {
    if (name === time) continue;
    columns[name] = column;
    if (column.kind === "number" && column.unreadable > 0) unreadable[name] = column.unreadable;
  }
  return {
    name: path,
    sample: { rows: table.rows, columns },
    leftOut: [],
    duplicates: countDuplicates(Object.values(table.columns), table.rows),
    unreadable,
    ...(time === "" ? {} : { times: timesOf(table.columns[time], time, path) }),
  };
}

/**
 * Whether a column tells rows apart. Texts do where they hardly repeat; whole
 * numbers where none repeats and they count the rows, rise with them, or are
 * called an identifier: amounts may be all different too.
 */
function isIdentifier(name: string, column: TypedColumn): boolean {
  if (column.kind === "category") {
    const { codes, vocabulary } = column;
    return vocabulary.length >= FEW && vocabulary.length > IDENTIFYING * codes.length;
  }
  if (column.kind !== "number") return false;
  const { values } = column;
  if (values.length < FEW || !values.every(Number.isSafeInteger)) return false;
  const sorted = values.slice().sort();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) return false;
  const dense = values.length > DENSE * (sorted.at(-1)! - sorted[0] + 1);
  const rising = values.every((value, row) => value === sorted[row]);
  return dense || rising || identifierNames.some((pattern) => pattern.test(name));
}

function timesOf(column: TypedColumn | undefined, name: string, path: string): Float64Array {
  if (column?.kind === "date") return column.values;
  throw new DataError(
    `Cannot read times of ${path}: column "${name}" ` +
      (column === undefined ? "is missing" : `holds ${column.kind} values`),
    { next: "name a column of ISO 8601 dates with --param time=COLUMN" },
  );
}
