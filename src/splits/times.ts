/** The moments of rows, to split by. */

import { DataError, nearestName } from "../base/mod.ts";
import type { Cell, Table } from "../dataset/mod.ts";

const DATE =
  /^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * The moment of each of `rows`: milliseconds since 1970 of dates, which are UTC
 * unless they say otherwise, else the number itself.
 *
 * @throws {DataError} if the column is missing or a cell is neither, with counts.
 */
export function readTimes(
  { columns, rows: all }: Table,
  name: string,
  rows: Int32Array = Int32Array.from({ length: all }, (_, i) => i),
): Float64Array {
  if (!Object.hasOwn(columns, name)) {
    const near = nearestName(name, Object.keys(columns));
    throw new DataError(`Cannot split by time: column "${name}" is missing`, {
      next: near === undefined ? "name a column of the data" : `did you mean "${near}"?`,
    });
  }
  const cells = columns[name];
  const times = Float64Array.from(rows, (row) => momentOf(cells[row]));
  const wrong = rows.filter((_, i) => Number.isNaN(times[i]));
  if (wrong.length > 0) {
    throw new DataError(
      `Cannot split by time: ${wrong.length} of ${rows.length} rows of column "${name}" hold no ` +
        `date or number (row ${wrong[0] + 1} holds ${JSON.stringify(cells[wrong[0]])})`,
      { next: "write dates as 2024-01-31 or 2024-01-31 10:00, or leave these rows out" },
    );
  }
  return times;
}

function momentOf(cell: Cell): number {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : NaN;
  const text = String(cell ?? "").trim();
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  const found = DATE.exec(text);
  if (found === null) return NaN;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part, i) =>
    part === undefined ? (i === 1 || i === 2 ? 1 : 0) : Number(part)
  );
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day) return NaN;
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(found[7] ?? "");
  const offset = zone === null ? 0 : Number(`${zone[1]}${60 * Number(zone[2]) + Number(zone[3])}`);
  return moment.getTime() - 60_000 * offset;
}
