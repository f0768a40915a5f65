/** A side from a file of which nothing is declared. */

import { DataError } from "../../src/base/mod.ts";
import type { ColumnSample } from "../../src/drift/mod.ts";
import { missingTexts } from "../../src/features/mod.ts";
import { readTypedTable, type TypedColumn } from "../../src/table/mod.ts";
import { countDuplicates } from "./duplicates.ts";
import type { Side } from "./side.ts";

/** Distinct texts over all texts from which on they tell rows apart instead of describing them. */
const IDENTIFYING = 0.9;
/** Fewer texts say nothing about that. */
const FEW = 50;

/**
 * Reads a file; what its columns hold is found out from their values.
 *
 * @param time Column that tells when rows came to be; empty where none does.
 * @throws {DataError} where the file, or that column, cannot be read.
 */
export async function typedSide(path: string, time: string): Promise<Side> {
  const table = await readTypedTable(path, missingTexts);
  const columns: Record<string, ColumnSample> = {};
  const identifiers: string[] = [];
  const unreadable: Record<string, number> = {};
  for (const [name, column] of Object.entries(table.columns)) {
    if (name === time) continue;
    if (isIdentifier(column)) identifiers.push(name);
    else columns[name] = column;
    if (column.kind === "number" && column.unreadable > 0) unreadable[name] = column.unreadable;
  }
  return {
    name: path,
    sample: { rows: table.rows, columns },
    identifiers,
    duplicates: countDuplicates(Object.values(table.columns), table.rows),
    unreadable,
    ...(time === "" ? {} : { times: timesOf(table.columns[time], time, path) }),
  };
}

/** Both sides without the columns that are identifiers in either. */
export function withoutIdentifiers(reference: Side, current: Side): [Side, Side] {
  const names = new Set([...reference.identifiers, ...current.identifiers]);
  const strip = (side: Side): Side => ({
    ...side,
    identifiers: [...names].sort(),
    sample: {
      rows: side.sample.rows,
      columns: Object.fromEntries(
        Object.entries(side.sample.columns).filter(([name]) => !names.has(name)),
      ),
    },
  });
  return names.size === 0 ? [reference, current] : [strip(reference), strip(current)];
}

function isIdentifier(column: TypedColumn): boolean {
  if (column.kind !== "category") return false;
  const { codes, vocabulary } = column;
  return vocabulary.length >= FEW && vocabulary.length > IDENTIFYING * codes.length;
}

function timesOf(column: TypedColumn | undefined, name: string, path: string): Float64Array {
  if (column?.kind === "date") return column.values;
  throw new DataError(
    `Cannot read times of ${path}: column "${name}" ` +
      (column === undefined ? "is missing" : `holds ${column.kind} values`),
    { next: "name a column of ISO 8601 dates with --param time=COLUMN" },
  );
}
