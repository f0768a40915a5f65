/** Tables too large for memory: a part of the rows of Parquet files, read and written by columns. */

import pl, { type DataFrame, type Series } from "nodejs-polars";
import { DataError, ifPresent, join, temporaryPath } from "../base/mod.ts";
import { plainSeries } from "./plain_series.ts";

/** A column of some rows: numbers with NaN for missing, or texts as codes. */
export type SliceColumn =
  | { readonly kind: "numbers"; readonly values: Float64Array }
  | {
    readonly kind: "texts";
    /** Index into `distinct`, −1 for missing, shape [rows]. */
    readonly codes: Int32Array;
    /** The texts that occur, each once. */
    readonly distinct: readonly string[];
  };

/** Some rows of a Parquet file. */
export interface TableSlice {
  /** Number of rows. */
  readonly rows: number;
  /** The columns that were asked for. */
  readonly columns: Readonly<Record<string, SliceColumn>>;
  /** The rows as Polars has them, to be written again. */
  readonly frame: SliceFrame;
}

/** Columns as Polars has them. */
export interface SliceFrame {
  /** Some of them. */
  select(...columns: string[]): SliceFrame;
}

/** A Parquet file and how many rows it has. */
export interface ParquetFile {
  /** Where it is. */
  readonly path: string;
  /** Its rows. */
  readonly rows: number;
  /** Names of its columns. */
  readonly columns: readonly string[];
}

/**
 * The Parquet files at a path: one file, or all of a folder in the order of their names.
 *
 * @throws {DataError} if there are none, or one cannot be read.
 */
export async function parquetFiles(path: string): Promise<ParquetFile[]> {
  const info = await ifPresent(Deno.stat(path));
  if (info === undefined) {
    throw new DataError(`Cannot read ${path}: there is nothing`, { next: "check the path" });
  }
  const paths = [path];
  if (info.isDirectory) {
    const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
    paths.splice(
      0,
      1,
      ...names.filter((name) => name.endsWith(".parquet")).sort().map((name) => join(path, name)),
    );
  }
  if (paths.length === 0) {
    throw new DataError(`Cannot read ${path}: no file in it ends with .parquet`, {
      next: "give a Parquet file or a folder of them",
    });
  }
  return paths.map((path) => {
    try {
      const scan = pl.scanParquet(path);
      const [{ rows }] = scan.select(pl.len().alias("rows")).collectSync().toRecords();
      return { path, rows: Number(rows), columns: scan.limit(1).collectSync().columns };
    } catch (cause) {
      throw new DataError(`Cannot read ${path}: it is not a whole Parquet file`, {
        next: "write it again as Parquet",
        cause,
      });
    }
  });
}

/**
 * Reads some columns of rows `from` up to `from + rows` of a file; no others are held.
 */
export function readSlice(
  path: string,
  columns: readonly string[],
  from: number,
  rows: number,
): TableSlice {
  const frame = pl.scanParquet(path).select(...columns).slice(from, rows).collectSync();
  const read = (frame.getColumns() as Series[]).map((series) =>
    [series.name, sliceColumn(series, path)] as const
  );
  return { rows: frame.height, columns: Object.fromEntries(read), frame };
}

function sliceColumn(given: Series, path: string): SliceColumn {
  const { native, series, exact } = plainSeries(given, path);
  if (native === "number" && exact === undefined) {
    return { kind: "numbers", values: numbersOf(series, NaN) };
  }
  if (native === "number") {
    // Whole numbers that Float64 holds are numbers; longer ones stay exact as texts.
    const values = numbersOf(series, NaN);
    if (values.every((value) => Number.isNaN(value) || Number.isSafeInteger(value))) {
      return { kind: "numbers", values };
    }
    return textColumn(exact!());
  }
  return textColumn(native === "text" ? series : series.cast(pl.Utf8));
}

/** Float64 values, `missing` for those that are not there. */
function numbersOf(series: Series, missing: number): Float64Array {
  return (series.nullCount() === 0 ? series : filled(series, missing))
    .toTypedArray() as Float64Array;
}

function textColumn(series: Series): SliceColumn {
  const ids = series.cast(pl.Categorical).cast(pl.UInt32).cast(pl.Float64);
  const found = numbersOf(ids, -1);
  // Ids are small and dense: a list is quicker than a map for each row.
  const places = new Int32Array(found.reduce((most, id) => Math.max(most, id), -1) + 1).fill(-1);
  const firstRows: number[] = [];
  const codes = new Int32Array(found.length);
  for (let row = 0; row < codes.length; row++) {
    const id = found[row];
    if (id >= 0 && places[id] < 0) places[id] = firstRows.push(row) - 1;
    codes[row] = id < 0 ? -1 : places[id];
  }
  const distinct = firstRows.length === 0 ? [] : series.gather(firstRows).toArray() as string[];
  const empty = distinct.indexOf("");
  if (empty < 0) return { kind: "texts", codes, distinct };
  distinct.splice(empty, 1);
  return {
    kind: "texts",
    codes: codes.map((code) => code === empty ? -1 : code - Number(code > empty)),
    distinct,
  };
}

function filled(series: Series, value: number): Series {
  const { name } = series;
  return pl.DataFrame([series]).withColumn(pl.col(name).fillNull(value)).getColumn(name);
}

/** A column to be written: numbers, or codes with what they stand for. */
export type WrittenColumn =
  | { readonly name: string; readonly values: Float32Array | Float64Array }
  | { readonly name: string; readonly codes: Int32Array; readonly names: readonly string[] };

/**
 * Writes columns as a Parquet file, which appears whole or not at all.
 *
 * @param frames Columns of the input to stand before them, as parts of the rows in their order.
 */
export async function writeParquet(
  path: string,
  columns: readonly WrittenColumn[],
  frames: readonly SliceFrame[] = [],
): Promise<void> {
  const own = columns.map(seriesOf);
  const kept = frames.length === 0 ? [] : pl.concat(frames as DataFrame[]).getColumns() as Series[];
  const frame = pl.DataFrame([...kept, ...own]);
  const temporary = temporaryPath(path);
  try {
    frame.writeParquet(temporary, { compression: "zstd" });
    await Deno.rename(temporary, path);
  } finally {
    await Deno.remove(temporary).catch(() => {}); // it was renamed, or never there
  }
}

function seriesOf(column: WrittenColumn): Series {
  if ("codes" in column) {
    const { name, codes, names } = column;
    // Its form with an object loses the type.
    const known = names.map((_, code) => code);
    const named = pl.col(name).replaceStrict(known, [...names], undefined, pl.Utf8);
    return pl.DataFrame([pl.Series(name, codes, pl.Int32)]).select(named).getColumn(name);
  }
  const type = column.values instanceof Float32Array ? pl.Float32 : pl.Float64;
  return pl.Series(column.name, column.values, type);
}
