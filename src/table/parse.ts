/** Turns the bytes of a file into a table, with Polars. */

import pl, { type DataFrame } from "nodejs-polars";
import type { Buffer } from "node:buffer";
import { DataError } from "../base/mod.ts";
import { scanCsv } from "./csv_scan.ts";
import { fromPolars } from "./polars.ts";
import { respelled } from "./respell.ts";
import type { Table } from "../dataset/mod.ts";
import { findInvalidUtf8 } from "./utf8.ts";

/** Columns that are read together at least, and how often a file is read at most. */
const FEWEST_COLUMNS = 4;
const MOST_READS = 16;

/**
 * The table in the bytes of a CSV file.
 *
 * @param path Name of the file, for messages.
 * @throws {DataError} if a line is at fault; the message names it.
 */
export function parseCsv(path: string, bytes: Buffer): Table {
  const { frame, separator } = csvFrame(path, bytes);
  return respelled(fromPolars(frame, path), frame, path, separator);
}

/** The same as a data frame of texts, with what stands between the fields. */
export function csvFrame(path: string, bytes: Buffer): { frame: DataFrame; separator: string } {
  const { separator, names, rows } = scanCsv(path, bytes);
  let frame: DataFrame;
  try {
    frame = pl.readCSV(bytes, { inferSchemaLength: 0, sep: separator, rechunk: false });
  } catch (cause) {
    const invalid = findInvalidUtf8(bytes);
    if (invalid) {
      throw new DataError(
        `Cannot read ${path}: it is not UTF-8 (line ${invalid.line}, byte ${invalid.offset})`,
        { next: "save it as UTF-8", cause },
      );
    }
    throw new DataError(`Cannot read ${path}: ${firstLine(cause)}`, { cause });
  }
  // Blank lines at the end are rows to Polars; the scan knows better.
  if (frame.height > rows) frame = frame.head(rows);
  if (frame.height !== rows || frame.width !== names.length) {
    throw new Error(
      `Read ${frame.height} rows of ${frame.width} columns from ${path}, counted ${rows} of ${names.length}`,
    );
  }
  frame.columns = [...names];
  return { frame, separator };
}

/**
 * The table in the bytes of a Parquet file.
 *
 * @param path Name of the file, for messages.
 * @throws {DataError} if the file is damaged, has no rows or a nested column.
 */
export function parseParquet(path: string, bytes: Buffer): Table {
  const frame = parquetFrame(path, bytes);
  return respelled(fromPolars(frame, path), frame, path);
}

/**
 * A few columns at a time, so that the rows of a large file are not all there twice.
 *
 * @param names Columns that are read; all unless they are named.
 */
export function* parquetFrames(
  path: string,
  bytes: Buffer,
  names?: readonly string[],
): Generator<DataFrame> {
  const columns = names ?? parquetFrame(path, bytes, { nRows: 1 }).columns;
  const size = Math.max(FEWEST_COLUMNS, Math.ceil(columns.length / MOST_READS));
  for (let from = 0; from < columns.length; from += size) {
    yield parquetFrame(path, bytes, { columns: columns.slice(from, from + size) });
  }
}

function parquetFrame(
  path: string,
  bytes: Buffer,
  options: { readonly columns?: string[]; readonly nRows?: number } = {},
): DataFrame {
  let frame: DataFrame;
  try {
    frame = pl.readParquet(bytes, options);
  } catch (cause) {
    // Only the end of a whole file is that of a Parquet file.
    if (!bytes.subarray(-4).equals(bytes.subarray(0, 4))) {
      throw new DataError(`Cannot read ${path}: it is a damaged Parquet file`, {
        next: "write or copy it again",
        cause,
      });
    }
    const twice = /duplicate: column with name '(.*)' has more/.exec(firstLine(cause))?.[1];
    if (twice !== undefined) {
      throw new DataError(`Cannot read ${path}: columns are named "${twice}" more than once`, {
        next: "give each column a name of its own",
        cause,
      });
    }
    throw new DataError(
      `Cannot read ${path}: a column has a type that cannot be read (${firstLine(cause)})`,
      { next: "write that column as text or as numbers of at most 64 bits", cause },
    );
  }
  if (frame.height === 0) {
    throw new DataError(`Cannot read ${path}: it has ${frame.width} columns and no rows`, {
      next: "give a file with at least one row",
    });
  }
  return frame;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
}
