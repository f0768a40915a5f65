/** The comparison again, window by window of the current rows. */

import { type ColumnValues, driftOverTime, type DriftResult } from "../drift/mod.ts";
import type { Side } from "./sides/side.ts";
import type { Slices } from "./slices.ts";
import { momentNames } from "./words.ts";

/** Windows that are compared at most, and rows that each has at least. */
const MOST_WINDOWS = 12;
const FEWEST_ROWS = 200;

/** One window of the current rows. */
export interface ComparedWindow {
  /** When its first row came, ISO 8601. */
  readonly from: string;
  /** What was found in it. */
  readonly result: DriftResult;
}

/**
 * Compares windows of equal numbers of rows in the order of time, by the preset
 * `calibrated`; none if rows have no times, or are too few for three windows.
 * Columns of lists and of what texts mean are left out: their values are not one for each row.
 */
export async function comparedWindows(
  reference: Side,
  current: Side,
  { order }: Slices,
  seed: number,
): Promise<ComparedWindow[]> {
  const { times, sample } = current;
  const count = Math.min(MOST_WINDOWS, Math.floor(order.length / FEWEST_ROWS));
  if (times === undefined || count < 3) return [];
  const columns: Record<string, ColumnValues> = {};
  for (const [name, column] of Object.entries(sample.columns)) {
    if (!Object.hasOwn(reference.sample.columns, name)) continue;
    const ordered = inOrder(column as ColumnValues, order, sample.rows);
    if (ordered) columns[name] = ordered;
  }
  const batch = {
    rows: order.length,
    columns,
    groups: sample.groups && order.map((row) => sample.groups![row]),
    times: Float64Array.from(order, (row) => times[row]),
  };
  const every = { rows: Math.ceil(order.length / count) };
  const windows = await Array.fromAsync(
    driftOverTime(reference.sample, [batch], { every, seed }),
  );
  const names = momentNames(windows.map(({ from }) => from!));
  return windows.map(({ result }, i) => ({ from: names[i], result }));
}

function inOrder(column: ColumnValues, order: Int32Array, rows: number): ColumnValues | undefined {
  if (column.kind === "category") {
    const { codes, vocabulary } = column;
    if (codes.length !== rows) return undefined;
    return { kind: "category", codes: order.map((row) => codes[row]), vocabulary };
  }
  if (column.kind === "text") {
    if (column.vectors) return undefined;
    return { kind: "text", values: Array.from(order, (row) => column.values[row]) };
  }
  const { kind, values } = column;
  return { kind, values: Float64Array.from(order, (row) => values[row]) };
}
