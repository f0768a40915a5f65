/** Parquet files as rows that are read in slices. */

import pl, { type Series } from "nodejs-polars";
import { DataError, runTask, task } from "../base/mod.ts";
import { column, type Matrix, type SlicedRows } from "../dataset/mod.ts";
import { ForeignGarbage } from "./foreign_garbage.ts";
import { type ParquetFile, parquetFiles } from "./scan.ts";

/** Which columns of a table are read. */
export interface ParquetColumns {
  /** Columns of numbers or truth values, in the order of the matrix. */
  readonly columns: readonly string[];
  /** The column to predict. */
  readonly target: string;
}

/** A slice to read. */
interface SliceJob extends ParquetColumns {
  readonly files: readonly ParquetFile[];
  readonly from: number;
  readonly slice: Matrix;
  readonly targets: Float64Array<SharedArrayBuffer>;
}

/** As `parquetRows`. */
export async function openRows(path: string, named: ParquetColumns): Promise<SlicedRows> {
  const files = await parquetFiles(path);
  for (const file of files) {
    const missing = [...named.columns, named.target].filter((name) => !file.columns.includes(name));
    if (missing.length === 0) continue;
    throw new DataError(`Cannot read ${file.path}: it has no column ${missing.join(", ")}`, {
      next: "name columns that all files have",
    });
  }
  const { columns, target } = named;
  return {
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    columns: columns.length,
    read: (from, slice, targets, pool) =>
      runTask(readRowsTask, { files, columns, target, from, slice, targets }, pool),
  };
}

/** Reads a slice in any thread. */
export const readRowsTask = task(
  import.meta.url,
  "readRowsTask",
  async ({ files, columns, target, from, slice, targets }: SliceJob): Promise<void> => {
    let first = 0;
    for (const { path, rows } of files) {
      const [start, end] = [Math.max(from, first), Math.min(from + slice.rows, first + rows)];
      const at = start - from;
      if (start < end) {
        const frame = pl.scanParquet(path).select(...columns, target)
          .slice(start - first, end - start).collectSync();
        columns.forEach((name, j) => {
          column(slice, j).set(numbersOf(frame.getColumn(name), pl.Float32, path), at);
        });
        targets.set(numbersOf(frame.getColumn(target), pl.Float64, path), at);
      }
      first += rows;
    }
    await garbage.free();
  },
);

/** What this thread's frames leave behind. */
const garbage = /* @__MEMO__ */ new ForeignGarbage();

function numbersOf(
  series: Series,
  type: typeof pl.Float32 | typeof pl.Float64,
  path: string,
): ArrayLike<number> {
  if (!series.isNumeric() && !series.isBoolean()) {
    throw new DataError(`Cannot read ${path}: column "${series.name}" holds no numbers`, {
      next: "write it as numbers, or leave it out",
    });
  }
  const numbers = series.cast(type);
  const { name } = series;
  const filled = numbers.nullCount() === 0
    ? numbers
    : pl.DataFrame([numbers]).withColumn(pl.col(name).fillNull(NaN)).getColumn(name);
  return filled.toTypedArray() as ArrayLike<number>;
}
