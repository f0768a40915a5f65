/** Sides from files of which nothing is declared. */

import { DataError } from "../../src/base/mod.ts";
import type { ColumnSample } from "../../src/drift/mod.ts";
import { missingTexts } from "../../src/features/mod.ts";
import { isRowIdentifier, readTypedTables, type TypedColumn } from "../../src/table/mod.ts";
import { countDuplicates } from "./duplicates.ts";
import type { Side } from "./side.ts";

/**
 * Reads two files that are compared; what their columns hold is found out from
 * the values of both, and columns that name rows in either are left out.
 *
 * @param time Column that tells when rows came to be; empty where none does.
 * @throws {DataError} where a file, or that column, cannot be read.
 */
export async function typedSides(
  paths: readonly [reference: string, current: string],
  time: string,
): Promise<[Side, Side]> {
  const tables = await readTypedTables(paths, missingTexts);
  const identifiers = new Set(
    tables.flatMap(({ columns }) =>
      Object.keys(columns).filter((name) => isRowIdentifier(name, columns[name]))
    ),
  );
  const [reference, current] = tables.map(({ rows, columns }, i): Side => {
    const all = Object.entries(columns).filter(([name]) => name !== time);
    const unreadable = all.flatMap(([name, column]) =>
      "unreadable" in column && column.unreadable > 0 ? [[name, column.unreadable]] : []
    );
    const compared = all.filter(([name]) => !identifiers.has(name));
    return {
      name: paths[i],
      sample: { rows, columns: Object.fromEntries(compared) as Record<string, ColumnSample> },
      identifiers: [...identifiers].sort(),
      duplicates: countDuplicates(Object.values(columns), rows),
      unreadable: Object.fromEntries(unreadable),
      ...(time === "" ? {} : { times: timesOf(columns[time], time, paths[i]) }),
    };
  });
  return [reference, current];
}

function timesOf(column: TypedColumn | undefined, name: string, path: string): Float64Array {
  if (column?.kind === "date") return column.values;
  throw new DataError(
    `Cannot read times of ${path}: column "${name}" ` +
      (column === undefined ? "is missing" : `holds ${column.kind} values`),
    { next: "name a column of ISO 8601 dates with --param time=COLUMN" },
  );
}
