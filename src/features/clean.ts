/** From raw cells to numbers and codes, row by row, with nothing learned. */

import { DataError, nearestName } from "../base/mod.ts";
import { type Cell, type Table, takeTableRows } from "../dataset/mod.ts";
import { type CleanColumn, type CleanData, sharedInt32 } from "./clean_data.ts";
import type { VectorsOf } from "./columns/kind.ts";
import { kindOf } from "./columns/kinds.ts";
import { missingTexts, textOf } from "./missing.ts";
import type { CleanNotice } from "./notices.ts";
import { readTarget } from "./read_target.ts";
import { readWeights } from "./read_weights.ts";
import type { FeatureSet } from "./spec.ts";
import type { FeatureState } from "./state.ts";

/** How a table is cleaned. */
export interface CleanOptions {
  /**
   * `required` reads the target and, where they are declared, the group and the weight, and
   * leaves out rows without a label or value; `none` reads a table to predict on: no
   * target, no weights, and groups only where the column is there.
   */
  readonly target: "required" | "none";
  /**
   * What was learned before, if the table is read for it: its numbers are
   * then written as they were for training, even if this table does not say so.
   */
  readonly state?: FeatureState;
  /** What encoders make of texts; without it columns with an encoder have n-grams alone. */
  readonly vectors?: VectorsOf;
}

/**
 * Cleans a raw table: text to numbers, categories and lists to codes.
 *
 * @throws {DataError} if there are no rows, a column is missing, a cell has
 * a type that its column cannot hold, a label is unknown, a weight is no number of 0 or more, a value of the target
 * is no finite number of its range, or the target is all missing or all the same.
 * Row numbers in messages count from 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, number } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   columns: { Age: number({ min: 14, max: 100 }) },
 * });
 * const table = { rows: 2, columns: { Age: ["28_", -500], Score: ["Good", "Poor"] } };
 * const { columns, labels } = clean(set, table, { target: "required" });
 * assertEquals(columns.Age, { kind: "numbers", values: new Float32Array([28, NaN]) });
 * assertEquals([...labels!], [1, 0]);
 * ```
 */
export function clean(
  set: FeatureSet,
  table: Table,
  { target, state, vectors }: CleanOptions,
): CleanData {
  if (table.rows === 0) {
    throw new DataError("Cannot clean the table: it has no rows", {
      next: "give a table with at least one row below its header",
    });
  }
  const known = target === "required"
    ? readTarget(set.target, cellsOf(table, set.target.column))
    : undefined;
  const kept = known === undefined || known.kept.length === table.rows
    ? table
    : takeTableRows(pick(set, table), known.kept);
  const columns: Record<string, CleanColumn> = {};
  const notices: CleanNotice[] = [];
  for (const [name, spec] of Object.entries(set.columns)) {
    const cells = cellsOf(kept, name);
    columns[name] = kindOf(spec).clean(spec, cells, {
      name,
      state: state?.columns.find((column) => column.name === name),
      ...vectors && { vectors },
      tell: (notice) => notices.push({ column: name, ...notice }),
    });
    if (target === "required") requireNumbers(name, columns[name], cells);
  }
  const grouped = set.group !== undefined && (target === "required" || set.group in table.columns);
  return {
    rows: kept.rows,
    columns,
    ...known?.target,
    ...(grouped ? { groups: readGroups(set.group!, kept) } : {}),
    ...(set.weight !== undefined && target === "required"
      ? { weights: readWeights(set.weight, cellsOf(kept, set.weight)) }
      : {}),
    unlabelled: table.rows - kept.rows,
    notices,
    ...kept !== table && { kept: known!.kept },
  };
}

/**
 * A column of numbers to learn from in which nothing is a number was stored as
 * something else: dates, words, truth values.
 */
function requireNumbers(name: string, column: CleanColumn, cells: readonly Cell[]): void {
  if (column.kind !== "numbers" || column.values.some((value) => !Number.isNaN(value))) return;
  const row = cells.findIndex((cell) => cell !== null && !missingTexts.includes(String(cell)));
  if (row < 0) return;
  throw new DataError(
    `Cannot clean column "${name}": no row holds a usable value (row ${row + 1} holds ` +
      `${JSON.stringify(cells[row])})`,
    { next: "store the values that the feature set declares, or leave the column out of it" },
  );
}

/** The columns that the set uses, so that rows of the others are not copied. */
function pick(set: FeatureSet, table: Table): Table {
  const beside = [set.group, set.weight].filter((name) => name !== undefined);
  const names = [...Object.keys(set.columns), ...beside];
  const columns = Object.fromEntries(names.map((name) => [name, cellsOf(table, name)]));
  return { rows: table.rows, columns };
}

function cellsOf(table: Table, name: string): readonly Cell[] {
  if (Object.hasOwn(table.columns, name)) return table.columns[name];
  const names = Object.keys(table.columns);
  throw new DataError(
    `Cannot clean the table: column "${name}" is missing (found ${names.length} columns: ` +
      `${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""})`,
    { next: howToFind(name, names) },
  );
}

function howToFind(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `did you mean "${nearest}"? Rename it in the file or the set`;
  // Nobody names most columns by numbers: a row of values was read as the names.
  if (names.filter((found) => Number.isFinite(Number(found))).length * 2 > names.length) {
    return "the file seems to have no header: write the names of the columns into its first line";
  }
  return "add the column, or correct its name in the feature set";
}

/** Numbers the groups; a row without a group is a group of its own. */
function readGroups(name: string, table: Table): Int32Array<SharedArrayBuffer> {
  const cells = cellsOf(table, name);
  const groups = sharedInt32(table.rows);
  const codeOf = new Map<string, number>();
  let count = 0;
  for (let i = 0; i < table.rows; i++) {
    const text = textOf(cells[i], name, i);
    let code = codeOf.get(text);
    if (code === undefined) {
      code = count++;
      if (!missingTexts.includes(text)) codeOf.set(text, code);
    }
    groups[i] = code;
  }
  return groups;
}
