/** Rows of a table as they are asked for: searched, filtered, sorted; and what a column holds. */

import { UsageError, YieldingLoop } from "../base/mod.ts";
import { type Column, countsOf, missingIn, numbersOf, type TabularData } from "./frame.ts";
import { cellText } from "./grid.ts";

/** Which rows, in which order. */
export interface TableQuery {
  /** Text that any column holds, upper and lower case alike; all rows if empty. */
  readonly search?: string;
  /** Conditions that all hold. */
  readonly filters?: readonly {
    /** Place of the column. */
    readonly column: number;
    /** Of a column of numbers `> 1`, `<= 5`, `2..5`, `= 3` or `3`; else text that it holds. */
    readonly text: string;
  }[];
  /** The column that orders the rows, rising unless it is descending; the table's order if none. */
  readonly sort?: { readonly column: number; readonly descending?: boolean } | null;
}

/** Rows between two looks if there is something else to do. */
const STRETCH = 8192;

/**
 * The rows of a table that a query means, as their places, shape [matches]. Rows whose value is
 * missing come last, in both directions; equal ones keep the table's order.
 *
 * @throws {UsageError} for a condition on numbers that cannot be read, or no such column.
 * @throws the signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tabularData } from "./frame.ts";
 * const frame = tabularData([{ Age: 28 }, { Age: null }, { Age: 61 }]);
 * const query = { sort: { column: 0, descending: true } };
 * assertEquals([...await queryRows(frame, query)], [2, 0, 1]);
 * ```
 */
export async function queryRows(
  frame: TabularData,
  { search = "", filters = [], sort }: TableQuery,
  signal: AbortSignal = new AbortController().signal,
): Promise<Uint32Array> {
  const loop = new YieldingLoop({ signal });
  const tests = filters.filter(({ text }) => text.trim() !== "").map(({ column, text }) => {
    const of = columnAt(frame, column);
    const test = of.numeric ? numberTest(of.name, text) : textTest(text);
    return (row: number) => test(of.at(row));
  });
  const wanted = search.trim().toLowerCase();
  if (wanted !== "") {
    tests.push((row) =>
      frame.columns.some((column) => String(column.at(row) ?? "").toLowerCase().includes(wanted))
    );
  }
  const found = new Uint32Array(frame.rows);
  let count = 0;
  for (let row = 0; row < frame.rows; row++) {
    if (row % STRETCH === 0) await loop.step(row / frame.rows);
    if (tests.every((test) => test(row))) found[count++] = row;
  }
  const rows = found.subarray(0, count);
  if (sort) sortRows(rows, columnAt(frame, sort.column), frame.rows, sort.descending === true);
  return rows;
}

function columnAt({ columns }: TabularData, place: number): Column {
  const column = columns[place];
  if (column !== undefined) return column;
  throw new UsageError(`Cannot find column ${place}`, { next: "show the table again" });
}

function textTest(text: string): (value: unknown) => boolean {
  const wanted = text.trim().toLowerCase();
  return (value) => value !== null && String(value).toLowerCase().includes(wanted);
}

function numberTest(name: string, text: string): (value: unknown) => boolean {
  const [, low, high] = /^\s*(\S+?)\s*\.\.\s*(\S+)\s*$/.exec(text) ?? [];
  const [, sign = "", alone = ""] = /^\s*(<=|>=|<|>|=|!=)?\s*(\S+)\s*$/.exec(text) ?? [];
  const bounds = low === undefined ? [Number(alone)] : [Number(low), Number(high)];
  if (bounds.some(Number.isNaN) || (low === undefined && alone === "")) {
    throw new UsageError(`Cannot read the filter "${text.trim()}" of ${name}`, {
      next: "write it as > 1, <= 5, 2..5 or = 3",
    });
  }
  const [bound, upper] = bounds;
  const tests: Record<string, (value: number) => boolean> = {
    "<": (value) => value < bound,
    "<=": (value) => value <= bound,
    ">": (value) => value > bound,
    ">=": (value) => value >= bound,
    "!=": (value) => value !== bound,
    "=": (value) => value === bound,
    "": (value) => value === bound,
  };
  const test = low === undefined
    ? tests[sign]
    : (value: number) => value >= bound && value <= upper;
  return (value) => value !== null && test(Number(value));
}

function sortRows(rows: Uint32Array, column: Column, all: number, descending: boolean): void {
  const turn = descending ? -1 : 1;
  if (column.numeric) {
    const values = numbersOf(column, all);
    rows.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (Number.isNaN(x) || Number.isNaN(y)) {
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      }
      return turn * (x - y) || a - b;
    });
    return;
  }
  const values = Array.from({ length: all }, (_, row) => {
    const value = column.at(row);
    return value === null ? undefined : String(value);
  });
  rows.sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === undefined || y === undefined) {
      return Number(x === undefined) - Number(y === undefined) || a - b;
    }
    return x === y ? a - b : turn * (x < y ? -1 : 1);
  });
}

/** Values that a column of text is told by. */
const MOST_FREQUENT = 5;

/** Bars of the distribution of a column of numbers. */
const BARS = 24;

/** What a column holds, as a few lines: how many values, how they are distributed. */
export function columnStatistics(frame: TabularData, place: number): string {
  const column = columnAt(frame, place);
  const missing = missingIn(column, frame.rows);
  const present = frame.rows - missing;
  const number = (value: number) => cellText(value);
  const share = (count: number) => `${(100 * count / Math.max(1, frame.rows)).toFixed(1)} %`;
  const head = `${column.name} (${column.type}): ${present.toLocaleString("en")} values, ` +
    `${missing.toLocaleString("en")} missing`;
  if (present === 0) return head;
  if (!column.numeric) {
    const counts = countsOf(column, frame.rows);
    const most = counts.slice(0, MOST_FREQUENT).map(([value, count]) =>
      `  ${cellText(value)}: ${count.toLocaleString("en")} (${share(count)})`
    );
    return [`${head}, ${counts.length.toLocaleString("en")} different`, ...most].join("\n");
  }
  const values = numbersOf(column, frame.rows).filter(Number.isFinite).sort();
  if (values.length === 0) return head;
  const quantile = (p: number) => {
    const at = p * (values.length - 1);
    const below = Math.floor(at);
    return values[below] + (at - below) * (values[Math.ceil(at)] - values[below]);
  };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = Math.sqrt(squares / Math.max(1, values.length - 1));
  let different = 1;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) different++;
  return [
    `${head}, ${different.toLocaleString("en")} different`,
    `  min ${number(values[0])}  quartiles ${number(quantile(0.25))} ${number(quantile(0.5))} ` +
    `${number(quantile(0.75))}  max ${number(values[values.length - 1])}`,
    `  mean ${number(mean)}  standard deviation ${number(spread)}`,
    `  ${bars(values)}`,
  ].join("\n");
}

/** How sorted numbers are distributed between their ends. */
function bars(values: Float64Array): string {
  const [low, high] = [values[0], values[values.length - 1]];
  const counts = new Array<number>(BARS).fill(0);
  for (const value of values) {
    counts[
      high === low ? 0 : Math.min(BARS - 1, Math.floor(BARS * (value - low) / (high - low)))
    ]++;
  }
  const most = Math.max(...counts);
  return counts.map((count) => " ▁▂▃▄▅▆▇█"[Math.ceil(8 * count / most)]).join("");
}
