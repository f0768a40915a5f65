/** Columns of which nobody has declared what they hold: found out from their values. */

import pl, { type DataFrame, type Series } from "nodejs-polars";
import { DataError } from "../base/mod.ts";

/** Numbers. */
export interface TypedNumbers {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
  /** The values, NaN where one is missing, shape [rows]. */
  readonly values: Float64Array;
  /** How many texts that are no numbers count as missing. */
  readonly unreadable: number;
}

/** Moments in time. */
export interface TypedDates {
  /** Tells the kinds of columns apart. */
  readonly kind: "date";
  /** Milliseconds since 1970 UTC, NaN where one is missing, shape [rows]. */
  readonly values: Float64Array;
}

/** Texts that repeat. */
export interface TypedCategories {
  /** Tells the kinds of columns apart. */
  readonly kind: "category";
  /** Index into the vocabulary, −1 where one is missing, shape [rows]. */
  readonly codes: Int32Array;
  /** The distinct texts in order of appearance. */
  readonly vocabulary: readonly string[];
}

/** Sentences. */
export interface TypedTexts {
  /** Tells the kinds of columns apart. */
  readonly kind: "text";
  /** The texts, null where one is missing, shape [rows]. */
  readonly values: readonly (string | null)[];
}

/** A column of one kind. */
export type TypedColumn = TypedNumbers | TypedDates | TypedCategories | TypedTexts;

/** Columns of equal length, in the order of the file. */
export interface TypedTable {
  /** Number of rows. */
  readonly rows: number;
  /** The columns by name. */
  readonly columns: Readonly<Record<string, TypedColumn>>;
}

/** A column of texts holds numbers, or dates, where this share of them can be read as such. */
const READABLE = 0.9;
/** Distinct texts that are looked at to tell dates and sentences. */
const LOOKED_AT = 1000;
/** Words from which on texts that hardly repeat are sentences, on average. */
const SENTENCE = 3;

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NESTED = new Set(["List", "Struct", "FixedSizeList", "Array", "Object", "Binary"]);

/**
 * Finds out what the columns of data frames hold. Texts are numbers or dates
 * where nine in ten can be read as such, sentences where they hardly repeat and
 * have three words or more, and categories otherwise.
 *
 * @param missing Texts that stand for a missing value.
 * @param source Where the data came from, for error messages.
 * @throws {DataError} where a column holds lists, structs or bytes.
 */
export async function typedColumns(
  frames: Iterable<DataFrame>,
  missing: readonly string[],
  source: string,
): Promise<TypedTable> {
  const columns: Record<string, TypedColumn> = {};
  let rows = 0;
  for (const frame of frames) {
    rows = frame.height;
    for (const series of frame.getColumns() as Series[]) {
      columns[series.name] = typedColumn(series, missing, source);
    }
    // Polars' memory of what is not needed any more is freed between two tasks only.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { rows, columns };
}

function typedColumn(series: Series, missing: readonly string[], source: string): TypedColumn {
  const type: string = series.dtype.variant;
  if (NESTED.has(type)) {
    throw new DataError(`Cannot read ${source}: column "${series.name}" holds nested values`, {
      next: "drop the column or spread it over columns of text and numbers",
    });
  }
  if (type === "Date" || type === "Datetime") {
    return { kind: "date", values: float64(series.cast(pl.Datetime("ms"))) };
  }
  if (type === "Bool" || type === "Categorical" || type === "String" || type === "Utf8") {
    return fromTexts(series.cast(pl.Utf8), missing);
  }
  return { kind: "number", values: float64(series), unreadable: 0 };
}

function fromTexts(series: Series, missing: readonly string[]): TypedColumn {
  // Numbers first: where they hardly repeat, numbering their texts would take long.
  const numbers = readNumbers(series, missing);
  if (numbers !== undefined) return numbers;
  const { codes, vocabulary } = categories(series, new Set(missing));
  const present = codes.reduce((sum, code) => sum + Number(code >= 0), 0);
  const looked = vocabulary.slice(0, LOOKED_AT);
  if (present === 0) return { kind: "category", codes, vocabulary };
  if (looked.filter((text) => DATE.test(text)).length >= READABLE * looked.length) {
    const moments = vocabulary.map((text) => DATE.test(text) ? Date.parse(text) : NaN);
    return { kind: "date", values: Float64Array.from(codes, (code) => moments[code] ?? NaN) };
  }
  const words = looked.reduce((sum, text) => sum + text.split(/\s+/).length, 0) / looked.length;
  if (vocabulary.length > present / 2 && words >= SENTENCE) {
    return { kind: "text", values: Array.from(codes, (code) => vocabulary[code] ?? null) };
  }
  return { kind: "category", codes, vocabulary };
}

/** The numbers of a column of texts, undefined where too few of its texts are numbers. */
function readNumbers(series: Series, missing: readonly string[]): TypedNumbers | undefined {
  const numbers = series.cast(pl.Float64);
  const unread = numbers.nullCount() - series.nullCount();
  const all = series.length - series.nullCount();
  // Texts for missing values are looked for only where they could make the difference.
  const marked = unread === 0 ? 0 : ones(series.isIn([...missing])).length;
  const given = all - marked;
  const unreadable = Math.max(0, unread - marked);
  if (given === 0 || unreadable > (1 - READABLE) * given) return undefined;
  return { kind: "number", values: float64(numbers), unreadable };
}

/** Codes in order of appearance; missing texts become −1. */
function categories(
  series: Series,
  missing: ReadonlySet<string>,
): { codes: Int32Array; vocabulary: string[] } {
  // Polars numbers the texts of all columns of a process together: ours start from 0.
  const given = float64(series.cast(pl.Categorical).cast(pl.UInt32));
  const place = new Map<number, number>();
  const first: number[] = [];
  const codes = new Int32Array(new SharedArrayBuffer(4 * given.length));
  for (let i = 0; i < given.length; i++) {
    if (Number.isNaN(given[i])) {
      codes[i] = -1;
      continue;
    }
    let code = place.get(given[i]);
    if (code === undefined) {
      code = first.push(i) - 1;
      place.set(given[i], code);
    }
    codes[i] = code;
  }
  const texts = first.length === 0 ? [] : series.gather(first).toArray() as string[];
  const vocabulary: string[] = [];
  const renumbered = texts.map((text) => missing.has(text) ? -1 : vocabulary.push(text) - 1);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = renumbered[codes[i]];
  return { codes, vocabulary };
}

/** Numbers with NaN for nulls, in memory that worker threads read without a copy. */
function float64(series: Series): Float64Array {
  const numbers = series.cast(pl.Float64);
  const values = new Float64Array(new SharedArrayBuffer(8 * series.length));
  if (numbers.nullCount() === 0) {
    values.set(numbers.toTypedArray() as Float64Array);
    return values;
  }
  values.set(numbers.fillNull("zero").toTypedArray() as Float64Array);
  for (const row of ones(numbers.isNull())) values[row] = NaN;
  return values;
}

/** The rows that hold true. */
function ones(flags: Series): number[] {
  const bytes = flags.cast(pl.UInt8).fillNull("zero").toTypedArray() as Uint8Array;
  const rows: number[] = [];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 1) rows.push(i);
  return rows;
}
