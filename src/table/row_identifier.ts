/** Columns that name rows instead of describing them. */

import type { TypedColumn } from "./typed_columns.ts";

/** Distinct values over all values from which on they tell rows apart. */
const IDENTIFYING = 0.9;
/** Fewer values say nothing about that. */
const FEW = 50;
/** Row numbers fill their range at least by half. */
const FILLED = 2;
/** How far numbers that only rise may lie from a straight line, as a share of their range. */
const CROOKED = 0.1;
const named = /(?:^|[^a-z])(?:id|ids|uuid|guid|key|index|rownum|row_?number)$|^unnamed: \d+$/i;

/**
 * Whether nearly every value differs and so names its row: texts; and whole
 * numbers that fill a range, rise evenly from row to row, or are named so
 * (`customer_id`). Numbers that merely all differ are measurements.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = Float64Array.from({ length: 100 }, (_, i) => 7000 + i);
 * assertEquals(isRowIdentifier("order", { kind: "number", values, unreadable: 0 }), true);
 * const halves = values.map((value) => value / 2);
 * assertEquals(isRowIdentifier("order", { kind: "number", values: halves, unreadable: 0 }), false);
 * ```
 */
export function isRowIdentifier(name: string, column: TypedColumn): boolean {
  if (column.kind === "category") {
    const { codes, vocabulary } = column;
    return vocabulary.length >= FEW && vocabulary.length > IDENTIFYING * codes.length;
  }
  if (column.kind !== "number") return false;
  const there = wholeNumbers(column.values);
  if (there === undefined || there.length < FEW) return false;
  const sorted = there.toSorted();
  const distinct = sorted.reduce((sum, value, i) => sum + Number(value !== sorted[i - 1]), 0);
  if (distinct <= IDENTIFYING * there.length) return false;
  if (named.test(name.replace(/([a-z])(Id|ID|Key|Index)$/, "$1_$2"))) return true;
  if (distinct < there.length) return false;
  const range = sorted[sorted.length - 1] - sorted[0];
  return range < FILLED * there.length || isEven(there, sorted[0], range);
}

/** The numbers that are there; undefined if they cannot be whole and nearly all different. */
function wholeNumbers(values: Float64Array): Float64Array | undefined {
  let [count, least, most] = [0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (!Number.isInteger(value)) return undefined;
    count++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // Most columns of whole numbers have fewer of them than rows.
  if (most - least + 1 <= IDENTIFYING * count) return undefined;
  return values.filter((value) => value === value);
}

/** Whether numbers only rise, or only fall, along a straight line. */
function isEven(values: Float64Array, least: number, range: number): boolean {
  const falls = values[0] > values[values.length - 1];
  return values.every((value, i) => {
    if (i > 0 && (value < values[i - 1]) !== falls) return false;
    const share = (value - least) / range;
    const along = i / (values.length - 1);
    return Math.abs((falls ? 1 - share : share) - along) <= CROOKED;
  });
}
