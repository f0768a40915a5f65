/** One look at all kinds of tables: columns with a name, a type and cells. */

import { UsageError } from "../base/mod.ts";
import type { CleanColumn, CleanData } from "../features/mod.ts";
import type { Cell, Matrix, Table } from "../dataset/mod.ts";

/** What is read of a Polars data frame; the package itself is not loaded. */
export interface PolarsFrame {
  /** Number of rows. */
  readonly height: number;
  /** Its columns. */
  getColumns(): readonly PolarsColumn[];
  /** Tells it from our own tables: a frame has columns for properties, but not this one. */
  writeParquet: unknown;
}

/** What is read of a Polars column. */
export interface PolarsColumn {
  /** Its name. */
  readonly name: string;
  /** Its type. */
  readonly dtype: { readonly variant: string };
  /** Its values. */
  toArray(): readonly unknown[];
  /** The value of a row. */
  getIndex(row: number): unknown;
  /** Rows without a value. */
  nullCount(): number;
}

/** Rows of named values. */
export type Records = readonly Readonly<Record<string, unknown>>[];

/** All that can be shown as a table. */
export type Data = PolarsFrame | Table | CleanData | Matrix | Records;

/** A column as helpers read it. */
export interface Column {
  readonly name: string;
  /** Its type in the words of its source: `Float64`, `text`, `number`, `list`. */
  readonly type: string;
  /** Whether its values are numbers. */
  readonly numeric: boolean;
  /** The value of a row; null if it is missing. */
  at(row: number): Cell;
  /** Rows without a value, where the source knows without looking at each. */
  readonly missing?: number;
}

/** A table as helpers read it. */
export interface TabularData {
  /** What it is, for headings. */
  readonly kind: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

/**
 * Reads any kind of table.
 *
 * @param names Names of the columns of a matrix; `x0`, `x1` … where left out.
 * @throws {UsageError} if it is none, or has another number of columns than names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { rows, columns } = tabularData([{ Age: 28 }, { Age: null }]);
 * assertEquals([rows, columns[0].type, columns[0].at(1)], [2, "number", null]);
 * ```
 */
export function tabularData(data: Data, names?: readonly string[]): TabularData {
  if (isPolars(data)) return ofPolars(data);
  if (Array.isArray(data)) return ofRecords(data);
  if (isMatrix(data)) return ofMatrix(data, names);
  if (isColumnar(data)) {
    const entries = Object.entries(data.columns);
    return entries.every(([, column]) => Array.isArray(column))
      ? ofTable(data as Table)
      : ofCleanData(data as CleanData);
  }
  throw new UsageError("Cannot show this as a table", {
    next: "give a data frame, a table, cleaned data, a matrix or an array of records",
  });
}

/** Rows of a column without a value. */
export function missingIn(column: Column, rows: number): number {
  if (column.missing !== undefined) return column.missing;
  let count = 0;
  for (let i = 0; i < rows; i++) if (column.at(i) === null) count++;
  return count;
}

/** The numbers of a column, NaN if one is missing, shape [rows]. */
export function numbersOf(column: Column, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => Number(column.at(i) ?? NaN));
}

/** How often each value of a column occurs, the most frequent first. */
export function countsOf(column: Column, rows: number): [value: string, count: number][] {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows; i++) {
    const value = column.at(i);
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function isPolars(data: Data): data is PolarsFrame {
  return typeof (data as Partial<PolarsFrame>).writeParquet === "function"; // `in` would ask for a column
}

function isMatrix(data: Data): data is Matrix {
  return typeof (data as Partial<Matrix>).columns === "number";
}

function isColumnar(data: Data): data is Table | CleanData {
  const { rows, columns } = data as Partial<Table>;
  return typeof rows === "number" && typeof columns === "object" && columns !== null;
}

/** Rows that are read one by one before all are: a look at both ends needs a few of a million. */
const FEW_ROWS = 500;

function ofPolars(frame: PolarsFrame): TabularData {
  const columns = frame.getColumns().map((series): Column => {
    const type = series.dtype.variant;
    let values: readonly unknown[] | undefined;
    let read = 0;
    return {
      name: series.name,
      type,
      numeric: /^(Float|Int|UInt|Decimal)/.test(type),
      // Floating-point numbers are missing as NaN too, which are looked for.
      ...!type.startsWith("Float") && { missing: series.nullCount() },
      at: (row) => {
        if (read++ > FEW_ROWS) values ??= series.toArray();
        return cellOf(values ? values[row] : series.getIndex(row));
      },
    };
  });
  return { kind: "DataFrame", rows: frame.height, columns };
}

function ofTable({ rows, columns }: Table): TabularData {
  return {
    kind: "Table",
    rows,
    columns: Object.entries(columns).map(([name, cells]) => {
      return { name, ...typeOf(cells), at: (row) => cellOf(cells[row]) };
    }),
  };
}

function ofRecords(records: Records): TabularData {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return {
    kind: "Records",
    rows: records.length,
    columns: names.map((name) => {
      const cells = records.map((record) => cellOf(record[name]));
      return { name, ...typeOf(cells), at: (row) => cells[row] };
    }),
  };
}

function ofMatrix({ rows, columns, data }: Matrix, names?: readonly string[]): TabularData {
  if (names !== undefined && names.length !== columns) {
    throw new UsageError(`Cannot name ${columns} columns with ${names.length} names`, {
      next: "give one name for each column",
    });
  }
  return {
    kind: "Matrix",
    rows,
    columns: Array.from({ length: columns }, (_, j) => ({
      name: names?.[j] ?? `x${j}`,
      type: "Float32",
      numeric: true,
      at: (row) => cellOf(data[j * rows + row]),
    })),
  };
}

function ofCleanData({ rows, columns }: CleanData): TabularData {
  return {
    kind: "CleanData",
    rows,
    columns: Object.entries(columns).map(([name, column]) => ({ name, ...cleanColumn(column) })),
  };
}

function cleanColumn(column: CleanColumn): Omit<Column, "name"> {
  switch (column.kind) {
    case "numbers":
      return { type: "number", numeric: true, at: (row) => cellOf(column.values[row]) };
    case "texts":
      return {
        type: "category",
        numeric: false,
        at: (row) => column.vocabulary[column.codes[row]] ?? null,
      };
    case "lists":
      return {
        type: "list",
        numeric: false,
        at: (row) => {
          const list = column.codes[row];
          if (list < 0) return null;
          const items = column.items.subarray(column.offsets[list], column.offsets[list + 1]);
          return Array.from(items, (item) => column.vocabulary[item]).join(", ");
        },
      };
  }
}

function typeOf(cells: readonly Cell[]): { type: string; numeric: boolean } {
  const numbers = cells.some((cell) => typeof cell === "number");
  const texts = cells.some((cell) => typeof cell === "string");
  const type = numbers && texts ? "mixed" : numbers ? "number" : texts ? "text" : "empty";
  return { type, numeric: type === "number" };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
