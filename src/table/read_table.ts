/** Reads raw data from a file: CSV or Parquet. */

import { extname } from "@std/path";
import { Buffer } from "node:buffer";
import { DataError } from "../base/mod.ts";
import { nearbyFiles } from "./nearby_files.ts";
import type { Table } from "../dataset/mod.ts";
import type { TypedSource, TypedTable } from "./typed_columns.ts";

/** Kinds of file that are told by their first bytes but are not tables we read. */
const UNREADABLE: readonly { bytes: readonly number[]; kind: string; next: string }[] = [
  { bytes: [0x1f, 0x8b], kind: "a gzip archive", next: "unpack it first" },
  {
    bytes: [0x50, 0x4b, 3, 4],
    kind: "a zip archive or a spreadsheet",
    next: "unpack it or save it as CSV",
  },
  { bytes: [0xff, 0xfe], kind: "UTF-16 text", next: "save it as UTF-8" },
  { bytes: [0xfe, 0xff], kind: "UTF-16 text", next: "save it as UTF-8" },
  { bytes: bytesOf("BZh"), kind: "a bzip2 archive", next: "unpack it first" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: "a zstd archive", next: "unpack it first" },
  { bytes: bytesOf("ARROW1"), kind: "an Arrow file", next: "save it as Parquet" },
  { bytes: bytesOf("SQLite format 3"), kind: "a SQLite database", next: "save a table as CSV" },
  { bytes: bytesOf("%PDF"), kind: "a PDF document", next: "save its table as CSV" },
];
/** The same of texts that are no tables, whatever blanks they start with. */
const OTHER_TEXTS: readonly { start: RegExp; kind: string; next: string }[] = [
  { start: /^\s*(?:\[\s*[[{]|\{\s*["}])/, kind: "JSON", next: "save it as CSV or Parquet" },
  {
    start: /^\s*<(?:!doctype|html|\?xml)\b/i,
    kind: "a web page or XML",
    next: "save the data itself",
  },
];
const PARQUET = [0x50, 0x41, 0x52, 0x31]; // PAR1
/** Bytes by which a file is recognised. */
const HEAD = 100;

/**
 * Reads the table at `path`. A file that starts as Parquet is read as Parquet,
 * anything else as CSV, separated by commas, semicolons, tabs or bars (whichever the
 * header line has most of).
 *
 * CSV cells are all text, as written, null if empty: what is a number is for
 * the feature set to say. Only in columns of numbers that are written for people
 * (`1.234,50`), they become numbers as programs read them (`1234.50`). Parquet
 * cells keep their numbers, whatever their width; whole ones beyond 2^53 are text.
 *
 * @throws {DataError} if there is no such file, or it is empty, has a header
 * only, two columns of one name, rows of another length, quotes that do not
 * match, bytes that are not UTF-8, or (Parquet) nested values, bytes, times of
 * day or durations.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "Age,Occupation\n28_,Lawyer\n,Doctor\n");
 * const table = await readTable(path);
 * assertEquals(table.columns.Age, ["28_", null]);
 * ```
 */
export async function readTable(path: string): Promise<Table> {
  const { parquet, read } = await recognise(path);
  const bytes = await read();
  // Loaded only here: workers and the server import this room for its matrix,
  // and neither needs Polars nor may load its native library.
  const { parseCsv, parseParquet } = await import("./parse.ts");
  return parquet ? parseParquet(path, bytes) : parseCsv(path, bytes);
}

/**
 * Reads the same files where nobody has declared what their columns hold; what
 * they hold is found out as {@link inferColumn} does.
 *
 * @param missing Texts that stand for a missing value, beside the empty one.
 * @throws {DataError} as {@link readTable}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "Age,Since\n28,2026-01-31\nNA,2026-02-28\n");
 * const { Age, Since } = (await readTypedTable(path, ["NA"])).columns;
 * assertEquals(Age, { kind: "number", values: Float64Array.of(28, NaN), unreadable: 0 });
 * assertEquals(Since.kind, "date");
 * ```
 */
export async function readTypedTable(
  path: string,
  missing: readonly string[] = [],
): Promise<TypedTable> {
  return (await readTypedTables([path], missing))[0];
}

/**
 * Reads files that are to be compared: columns of one name get one kind, found
 * out from the values of all files together, and one spelling of each value
 * (`True` is `true`, the code `7.0` is `7`).
 *
 * @param missing Texts that stand for a missing value, beside the empty one.
 * @returns A table for each path, in their order.
 * @throws {DataError} as {@link readTable}.
 */
export async function readTypedTables(
  paths: readonly string[],
  missing: readonly string[] = [],
): Promise<TypedTable[]> {
  const { csvFrame, parquetFrames } = await import("./parse.ts");
  const { typedColumns } = await import("./typed_columns.ts");
  const sources: TypedSource[] = [];
  for (const path of paths) {
    const { parquet, read } = await recognise(path);
    if (parquet) {
      sources.push({
        path,
        async *frames(names) {
          yield* parquetFrames(path, await read(), names);
        },
      });
    } else {
      const { frame, separator } = csvFrame(path, await read());
      sources.push({ path, frames: () => [frame], separator });
    }
  }
  return await typedColumns(sources, ["", ...missing]);
}

/**
 * Whether a file is Parquet, CSV otherwise, and how to read it, as often as its columns are needed:
 * what nobody looks at need not stay in memory. A pipe is read once, and stays.
 */
async function recognise(
  path: string,
): Promise<{ readonly parquet: boolean; readonly read: () => Promise<Buffer> }> {
  const head = await readBytes(path, HEAD);
  const read = async () => head.whole ? head.bytes : (await readBytes(path)).bytes;
  const { bytes } = head;
  if (startsWith(bytes, PARQUET)) return { parquet: true, read };
  if (extname(path).toLowerCase() === ".parquet") {
    throw new DataError(`Cannot read ${path}: it is not a Parquet file`, {
      next: "write it again as Parquet, or name it .csv if it holds text",
    });
  }
  const unreadable = UNREADABLE.find((kind) => startsWith(bytes, kind.bytes)) ??
    otherText(bytes);
  if (unreadable) {
    throw new DataError(`Cannot read ${path}: it is ${unreadable.kind}`, {
      next: unreadable.next,
    });
  }
  return { parquet: false, read };
}

function otherText(bytes: Uint8Array): (typeof OTHER_TEXTS)[number] | undefined {
  const start = new TextDecoder().decode(bytes.subarray(0, HEAD));
  return OTHER_TEXTS.find((kind) => kind.start.test(start));
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => bytes[i] === byte);
}

/**
 * The first bytes of a file, and whether they are all of them.
 *
 * Polars gets bytes, not the path: it takes a path without a known extension
 * for the data itself, and expands wildcards in one.
 */
async function readBytes(
  path: string,
  most = Infinity,
): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  try {
    const { isDirectory, isFile, size } = await Deno.stat(path);
    if (isDirectory) {
      throw new DataError(`Cannot read ${path}: it is a folder`, {
        next: "give one CSV or Parquet file in it",
      });
    }
    if (!isFile) return { bytes: Buffer.from((await Deno.readFile(path)).buffer), whole: true };
    // Of a length that is known: a buffer that grows is there twice.
    const bytes = new Uint8Array(Math.min(size, most));
    using file = await Deno.open(path);
    let length = 0;
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
    return { bytes: Buffer.from(bytes.buffer, 0, length), whole: length === size };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const nearby = await nearbyFiles(path);
      throw new DataError(`Cannot read ${path}: there is no such file`, {
        next: nearby.length > 0 ? `did you mean ${nearby.join(" or ")}` : "check the path",
      });
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new DataError(`Cannot read ${path}: permission denied`, {
        next: "give yourself the right to read it",
        cause: error,
      });
    }
    throw error;
  }
}
