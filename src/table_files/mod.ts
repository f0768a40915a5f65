/**
 * Tables read from and written to files: CSV, Parquet, JSON lines, by Polars, in parts of large ones.
 *
 * @module
 */

export { readTable, readTypedTable, readTypedTables } from "./read_table.ts";
export { isRowIdentifier } from "./row_identifier.ts";
export { parquet } from "./parquet.ts";
export type { ParquetFile, SliceColumn, SliceFrame, TableSlice, WrittenColumn } from "./scan.ts";
export type {
  TypedCategories,
  TypedColumn,
  TypedDates,
  TypedNumbers,
  TypedTable,
  TypedTexts,
} from "./typed_columns.ts";
