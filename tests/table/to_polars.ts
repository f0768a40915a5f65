/** Tables as data frames, to be written for tests. */

import pl, { type DataFrame } from "nodejs-polars";
import type { Table } from "../../src/dataset/mod.ts";

/**
 * A data frame of the same columns: Float64 if each cell is a number or null,
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
