/** Which texts stand for a missing value. */

import { DataError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";

/**
 * Texts that mean "no value" in every column: the empty text, and what pandas,
 * NumPy, R and SQL write for a missing value. MLflow hands missing text to a
 * model as `None` or `nan`.
 */
export const missingTexts: readonly string[] = [
  "",
  "NA",
  "N/A",
  "<NA>",
  "NaN",
  "nan",
  "None",
  "null",
  "NULL",
];

/** All texts that mean "no value" in a column with markers of its own. */
export function missingTextsWith(markers: readonly string[] = []): readonly string[] {
  return [...new Set([...missingTexts, ...markers])];
}

/**
 * The text of a cell, empty if nothing was there. A number is written as
 * JavaScript does (`7`, `0.5`), a truth value as `true` or `false`.
 *
 * @throws {DataError} if the cell is a list, a date or an object.
 */
export function textOf(cell: Cell, name: string, row: number): string {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined || Number.isNaN(cell)) return "";
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  throw wrongType(cell, name, row, "text");
}

/** The error for a cell of a type that the column cannot hold; `row` counts from 0. */
export function wrongType(cell: unknown, name: string, row: number, wanted: string): DataError {
  const found = Array.isArray(cell) || ArrayBuffer.isView(cell)
    ? "a list"
    : cell instanceof Date
    ? "a date"
    : typeof cell === "object"
    ? "an object"
    : `a ${typeof cell}`;
  return new DataError(
    `Cannot clean column "${name}": row ${row + 1} holds ${found}, wanted ${wanted}`,
    { next: `store the column as ${wanted}, or leave it out of the feature set` },
  );
}
