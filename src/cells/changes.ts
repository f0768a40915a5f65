/** What a step of preparation did to a column. */

import { UsageError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { type Data, type TabularData, tabularData } from "./frame.ts";
import { cellText, gridView } from "./grid.ts";
import type { View } from "./view.ts";

/** How a cell was before and after, and in how many rows. */
export interface CellChange {
  /** Its value before; null if it was missing. */
  readonly before: Cell;
  /** Its value after; null if it is missing. */
  readonly after: Cell;
  /** Rows that changed so. */
  readonly rows: number;
}

/**
 * Compares a column of two tables row by row and counts how its cells changed, the
 * most frequent change first. Text and the number it writes (as Float32) are the same.
 *
 * @throws {UsageError} if the tables differ in rows or a column is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const before = [{ Age: "28_" }, { Age: "31" }];
 * assertEquals(changes(before, [{ Age: 28 }, { Age: 31 }], "Age"), [
 *   { before: "28_", after: 28, rows: 1 },
 * ]);
 * ```
 */
export function changes(before: Data, after: Data, column: string): CellChange[] {
  const [old, now] = [tabularData(before), tabularData(after)];
  if (old.rows !== now.rows) {
    throw new UsageError(`Cannot compare ${old.rows} rows with ${now.rows}`, {
      next: "give two tables of the same rows",
    });
  }
  const [from, to] = [columnOf(old, column), columnOf(now, column)];
  const counts = new Map<string, { before: Cell; after: Cell; rows: number }>();
  for (let i = 0; i < old.rows; i++) {
    const [was, is] = [from.at(i), to.at(i)];
    if (same(was, is)) continue;
    const key = JSON.stringify([was, is]);
    const change = counts.get(key) ?? { before: was, after: is, rows: 0 };
    change.rows++;
    counts.set(key, change);
  }
  return [...counts.values()].sort((a, b) => b.rows - a.rows);
}

/**
 * Shows the most frequent of {@link changes}, with how many cells changed and how
 * many are missing now.
 *
 * @param most Changes shown at most; 8 if left out.
 * @throws {UsageError} if the tables differ in rows or a column is missing.
 */
export function showChanges(before: Data, after: Data, column: string, most = 8): View {
  const all = changes(before, after, column);
  const count = (kept: readonly CellChange[]) =>
    kept.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en");
  const gone = all.filter(({ after }) => after === null);
  return gridView({
    caption: `${column}: ${count(all)} cells changed, ${count(gone)} of them are missing now` +
      (all.length > most ? `; the ${most} most frequent of ${all.length} changes` : ""),
    head: ["Before", "After", "Rows"],
    rows: all.slice(0, most).map(({ before, after, rows }) => [
      ...[cellText(before), cellText(after)],
      rows,
    ]),
  });
}

function columnOf({ columns }: TabularData, name: string) {
  const found = columns.find((column) => column.name === name);
  if (found === undefined) throw new UsageError(`Cannot find a column "${name}" in both tables`);
  return found;
}

function same(was: Cell, is: Cell): boolean {
  if (was === is) return true;
  if (was === null || is === null || was === "") return false;
  return typeof is === "number" && Math.fround(Number(was)) === is;
}
