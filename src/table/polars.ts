/**
 * The border between our tables and Polars data frames. An entry of its own,
 * because it loads the native library.
 *
 * @module
 */

import pl, { type DataFrame, type Series } from "nodejs-polars";
import { DataError } from "../base/mod.ts";
import type { Cell, Table } from "./table.ts";

const NESTED = new Set(["List", "Struct", "FixedSizeList", "Array", "Object"]);

/**
 * The cells of a data frame. Numbers stay numbers, text stays text; booleans
 * become `true` and `false`, dates and times ISO 8601 text. NaN, empty text and
 * Polars nulls become null.
 *
 * @param source Where the data came from, for error messages.
 * @throws {DataError} where a column holds lists, structs or bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * const table = fromPolars(pl.DataFrame({ Age: [28, null], Occupation: ["Lawyer", ""] }));
 * assertEquals(table.columns, { Age: [28, null], Occupation: ["Lawyer", null] });
 * ```
 */
export function fromPolars(frame: DataFrame, source = "the data frame"): Table {
  const columns: Record<string, Cell[]> = {};
  for (const series of frame.getColumns() as Series[]) {
    const type: string = series.dtype.variant;
    if (NESTED.has(type) || type === "Binary") {
      const held = type === "Binary" ? "bytes" : `nested values (${type})`;
      throw new DataError(`Cannot read ${source}: column "${series.name}" holds ${held}`, {
        next: "drop the column or spread it over columns of text and numbers",
      });
    }
    columns[series.name] = cellsOf(series);
  }
  return { rows: frame.height, columns };
}

/** The cells of one Polars column of plain values, as {@link fromPolars} gives them. */
export function cellsOf(series: Series): Cell[] {
  const type: string = series.dtype.variant;
  const values: unknown[] = series.toArray();
  if (type === "Int64" || type === "UInt64") {
    // Float64 cannot hold every 64-bit number: long identifiers stay exact as text.
    const exact = values.every((value) => value === null || Number.isSafeInteger(Number(value)));
    return exact
      ? values.map((value) => value === null ? null : Number(value))
      : intern(series.cast(pl.Utf8).toArray());
  }
  if (type === "Date") {
    return values.map((value) => value instanceof Date ? value.toISOString().slice(0, 10) : null);
  }
  return typeof values.find((value) => value !== null) === "string"
    ? intern(values as (string | null)[])
    : values.map(toCell);
}

/**
 * A data frame of the same columns: Float64 where each cell is a number or null,
 * text otherwise.
 */
export function toPolars(table: Table): DataFrame {
  const columns = Object.entries(table.columns).map(([name, cells]) => {
    const numeric = cells.every((cell) => typeof cell !== "string") &&
      cells.some((cell) => cell !== null);
    return numeric
      ? pl.Series(name, [...cells], pl.Float64)
      : pl.Series(name, cells.map((cell) => cell === null ? null : String(cell)), pl.Utf8);
  });
  return pl.DataFrame(columns);
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === "number") return value;
  return value instanceof Date ? value.toISOString() : String(value);
}

/**
 * Lets equal texts share one string, in place, and empty ones be null. Gives up
 * on a column where more than half of the texts so far are new: there is little
 * to share, and the map would cost more than it saves.
 */
function intern(values: (string | null)[]): Cell[] {
  let known: Map<string, string> | undefined = new Map();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === "") {
      values[i] = null;
    } else if (known !== undefined) {
      const same = known.get(value);
      if (same !== undefined) values[i] = same;
      else known.set(value, value);
      if (i > 1000 && known.size > i / 2) known = undefined;
    }
  }
  return values;
}
