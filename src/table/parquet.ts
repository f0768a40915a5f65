/** Parquet files by parts. */

import type { SlicedRows } from "../dataset/mod.ts";
import type { ParquetColumns } from "./parquet_rows.ts";

/** What reads and writes them. It loads a native library: only where it is asked for. */
export const parquet = (): Promise<typeof import("./scan.ts")> => import("./scan.ts");

/**
 * The rows of the Parquet file, or of the files of the folder, at `path`, to be read in slices.
 *
 * @throws {DataError} if there are none, one cannot be read, or a column is missing; when rows are
 * read, if a column holds no numbers.
 */
export async function parquetRows(path: string, named: ParquetColumns): Promise<SlicedRows> {
  return (await import("./parquet_rows.ts")).openRows(path, named);
}
