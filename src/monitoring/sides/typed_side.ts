/** Sides from files of which nothing is declared. */

import { missingTexts } from "../../features/mod.ts";
import {
  isRowIdentifier,
  readTypedTables,
  type TypedColumn,
  type TypedTable,
} from "../../table/mod.ts";
import { countDuplicates } from "./duplicates.ts";
import { unreadableTimes } from "./moments.ts";
import { identifying, type Side, without } from "./side.ts";

/**
 * Reads two files that are compared; what their columns hold is found out from
 * the values of both, and columns that name rows in either are left out.
 *
 * @param time Column that tells when rows came to be; empty if none does.
 * @throws {DataError} if a file, or that column, cannot be read.
 */
export async function typedSides(
  reference: string,
  current: string,
  time: string,
): Promise<{ readonly reference: Side; readonly current: Side }> {
  const [was, is] = await readTypedTables([reference, current], missingTexts);
  const names = [was, is].flatMap(({ columns }) =>
    Object.keys(columns).filter((name) => isRowIdentifier(name, columns[name]))
  );
  const leftOut = [...new Set(names)].sort().map((column) => ({ column, why: identifying }));
  const side = (path: string, table: TypedTable) => without(typedSide(path, table, time), leftOut);
  return { reference: side(reference, was), current: side(current, is) };
}

function typedSide(path: string, { rows, columns }: TypedTable, time: string): Side {
  const all = Object.entries(columns).filter(([name]) => name !== time);
  const unreadable = all.flatMap(([name, column]) =>
    "unreadable" in column && column.unreadable > 0 ? [[name, column.unreadable]] : []
  );
  return {
    name: path,
    sample: { rows, columns: Object.fromEntries(all) },
    texts: Object.fromEntries(
      all.flatMap(([name, column]) => column.kind === "text" ? [[name, column.values]] : []),
    ),
    leftOut: [],
    duplicates: countDuplicates(Object.values(columns), rows),
    unreadable: Object.fromEntries(unreadable),
    ...(time === "" ? {} : { times: timesOf(columns[time], time, path) }),
  };
}

function timesOf(column: TypedColumn | undefined, name: string, path: string): Float64Array {
  if (column?.kind === "date") return column.values;
  const found = column === undefined ? "is missing" : `holds ${column.kind} values`;
  throw unreadableTimes(path, name, found);
}
