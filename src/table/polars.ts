/** The border between our tables and Polars data frames. */

import type { DataFrame, Series } from "nodejs-polars";
import { type PlainSeries, plainSeries } from "./plain_series.ts";
import type { Cell, Table } from "../dataset/mod.ts";

/**
 * The cells of a data frame. Numbers of any width become numbers, text stays
 * text; booleans become `true` and `false`, dates and times ISO 8601 text (UTC).
 * Whole numbers beyond 2^53, and decimals of more digits than Float64 has, stay
 * exact as text. NaN, empty text and Polars nulls become null.
 *
 * @param source Where the data came from, for error messages.
 * @throws {DataError} if a column holds lists, structs, bytes, times of day or durations.
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
    columns[series.name] = plainCells(plainSeries(series, source));
  }
  return { rows: frame.height, columns };
}

/** The cells of one column, as {@link fromPolars} gives them. */
export function plainCells({ native, series, exact, days }: PlainSeries): Cell[] {
  if (native === "text") return intern(series.toArray() as (string | null)[]);
  const values: unknown[] = series.toArray();
  if (native === "boolean") return values.map((value) => value === null ? null : String(value));
  if (native === "date") {
    const length = days ? 10 : undefined;
    return values.map((value) =>
      value instanceof Date ? value.toISOString().slice(0, length) : null
    );
  }
  const numbers = values as (number | null)[];
  // Long identifiers and amounts must not lose digits.
  const texts = exact && numbers.some((value) => value !== null && !isExact(value))
    ? exact().toArray() as (string | null)[]
    : undefined;
  return texts
    ? intern(texts)
    : numbers.map((value) => value === null || Number.isNaN(value) ? null : value);
}

/** Whether Float64 surely holds a number of up to 15 digits, or a whole one, exactly. */
function isExact(value: number): boolean {
  return Number.isInteger(value)
    ? Number.isSafeInteger(value)
    : Number(value.toPrecision(15)) === value;
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
