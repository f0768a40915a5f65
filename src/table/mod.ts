/**
 * Tables read from files and written by Polars, which is loaded only when a file is opened; with
 * all of `dataset`, so that who reads tables needs one door.
 *
 * @module
 */

export * from "../dataset/mod.ts";
export { parquet, parquetRows } from "./parquet.ts";
export type { ParquetColumns } from "./parquet_rows.ts";
export { readTable, readTypedTable, readTypedTables } from "./read_table.ts";
export { isRowIdentifier } from "./row_identifier.ts";
export type { ParquetFile, SliceColumn, SliceFrame, TableSlice, WrittenColumn } from "./scan.ts";
export type {
  TypedCategories,
  TypedColumn,
  TypedDates,
  TypedNumbers,
  TypedTable,
  TypedTexts,
} from "./typed_columns.ts";
