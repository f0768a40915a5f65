/** Columns of which nobody has declared what they hold: found out from their values. */

import pl, { type DataFrame, type Series } from "nodejs-polars";
import {
  ColumnEvidence,
  decideTogether,
  type InferredColumn,
  isTruth,
  type Notation,
  parseMoment,
  plainNumber,
} from "../dataset/mod.ts";
import { ForeignGarbage } from "./foreign_garbage.ts";
import { type PlainSeries, plainSeries } from "./plain_series.ts";

/** Texts of a column that are looked at first. */
const LOOKED_AT = 1000;

/** Numbers. */
export interface TypedNumbers {
  /** Tells the kinds of columns apart. */
  readonly kind: "number";
  /** The values, NaN if one is missing, shape [rows]. */
  readonly values: Float64Array;
  /** How many values that are no numbers count as missing. */
  readonly unreadable: number;
}

/** Moments in time. */
export interface TypedDates {
  /** Tells the kinds of columns apart. */
  readonly kind: "date";
  /** Milliseconds since 1970 UTC, NaN if one is missing, shape [rows]. */
  readonly values: Float64Array;
  /** How many values that are no moments count as missing. */
  readonly unreadable: number;
}

/** Texts that repeat; truth values are `true` and `false`. */
export interface TypedCategories {
  /** Tells the kinds of columns apart. */
  readonly kind: "category";
  /** Index into the vocabulary, −1 if one is missing, shape [rows]. */
  readonly codes: Int32Array;
  /** The distinct texts in order of appearance. */
  readonly vocabulary: readonly string[];
}

/** Sentences. */
export interface TypedTexts {
  /** Tells the kinds of columns apart. */
  readonly kind: "text";
  /** The texts, null if one is missing, shape [rows]. */
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

/** A file whose columns are to be found out, read as often as `frames` is called. */
export interface TypedSource {
  /** Name of the file, for messages. */
  readonly path: string;
  /** The columns, a few at a time: all of them, or at least those that are named. */
  readonly frames: (names?: readonly string[]) => AsyncIterable<DataFrame> | Iterable<DataFrame>;
  /** What stands between the fields of a CSV file. */
  readonly separator?: string;
}

/**
 * Finds out what the columns of some files hold. Columns of one name get one
 * kind, decided over all files together; see {@link decideTogether}.
 *
 * @param missing Texts that stand for a missing value.
 * @throws {DataError} if a column holds lists, structs, bytes, times of day or durations.
 */
export async function typedColumns(
  sources: readonly TypedSource[],
  missing: readonly string[],
): Promise<TypedTable[]> {
  const absent = new Set(missing);
  const looks: { readonly rows: number; readonly columns: Map<string, Look> }[] = [];
  for (const source of sources) {
    const columns = new Map<string, Look>();
    const rows = await eachColumn(
      source,
      (column) => columns.set(column.name, lookAt(column, absent)),
    );
    looks.push({ rows, columns });
  }
  const usual = looks.map(({ columns }, i) =>
    usualNotation([...columns.values()].map(({ evidence }) => evidence), sources[i])
  );
  const decided = looks.map(() => new Map<string, InferredColumn>());
  for (const name of new Set(looks.flatMap(({ columns }) => [...columns.keys()]))) {
    const holders = [...looks.keys()].filter((i) => looks[i].columns.has(name));
    const found = decideTogether(
      holders.map((i) => looks[i].columns.get(name)!.evidence.counts(usual[i])),
    );
    holders.forEach((i, at) => decided[i].set(name, found[at]));
  }
  const tables: TypedTable[] = [];
  for (const [i, source] of sources.entries()) {
    const found = new Map<string, TypedColumn | undefined>();
    for (const [name, look] of looks[i].columns) {
      found.set(name, alreadyRead(look, decided[i].get(name)!, absent));
    }
    const again = [...found].filter(([, column]) => column === undefined).map(([name]) => name);
    if (again.length > 0) {
      await eachColumn(source, (column) => {
        const { name } = column;
        if (found.get(name) !== undefined) return;
        const notation = looks[i].columns.get(name)!.evidence.notation(usual[i]);
        found.set(name, readAs(column, decided[i].get(name)!, notation, absent));
      }, again);
    }
    const columns = Object.fromEntries(found) as Record<string, TypedColumn>;
    tables.push({ rows: looks[i].rows, columns });
  }
  return tables;
}

/** What was seen of a column before it is known what it holds. */
interface Look {
  readonly evidence: ColumnEvidence;
  /** The values of a column of numbers. */
  readonly numbers?: Float64Array;
  /** The values of a column of texts of which none is a number. */
  readonly texts?: DistinctTexts;
}

/** Gives the number of rows. */
async function eachColumn(
  { path, frames }: TypedSource,
  use: (column: PlainSeries) => void,
  names?: readonly string[],
): Promise<number> {
  let rows = 0;
  const garbage = new ForeignGarbage();
  for await (const frame of frames(names)) {
    rows = frame.height;
    for (const series of frame.getColumns() as Series[]) use(plainSeries(series, path));
    await garbage.free();
  }
  return rows;
}

/** How a file writes its numbers, for columns that do not tell it by themselves. */
export function usualNotation(
  columns: readonly ColumnEvidence[],
  { separator }: Pick<TypedSource, "separator">,
): Notation {
  const decided = columns.map((column) => column.decided);
  const commas = decided.filter((notation) => notation === "comma").length;
  const points = decided.filter((notation) => notation === "point").length;
  if (commas > 0 || points > 0) return commas > points ? "comma" : "point";
  // Whoever separates fields by semicolons needs the comma for something else.
  return separator === ";" && columns.some((column) => column.ambiguous) ? "comma" : "point";
}

/** What the values of a column could be. */
export function evidenceOf(column: PlainSeries, missing: ReadonlySet<string>): ColumnEvidence {
  return lookAt(column, missing).evidence;
}

/** The same with the values, where they are at hand: most columns need not be read again. */
function lookAt({ native, series }: PlainSeries, missing: ReadonlySet<string>): Look {
  const evidence = new ColumnEvidence();
  const there = series.length - series.nullCount();
  if (native === "boolean") evidence.addTruths(there);
  if (native === "date") evidence.addDates(there);
  if (native === "number") {
    const numbers = float64(series);
    evidence.addNumbers(numbers, true);
    return { evidence, numbers };
  }
  if (native !== "text" || there === 0) return { evidence };
  // Whether a text is a number is asked of different ones, where the first ones say that none is.
  if (isNoNumber(series.head(LOOKED_AT))) {
    const texts = distinctTexts(series);
    if (isNoNumber(pl.Series("", [...texts.texts], pl.Utf8))) {
      addTexts(evidence, texts, missing);
      return { evidence, texts };
    }
  }
  const numbers = series.cast(pl.Float64);
  addTexts(evidence, distinctTexts(series.filter(numbers.isNull()).dropNulls()), missing);
  if (evidence.decided !== "comma") {
    evidence.addNumbers(float64(numbers), false);
    return { evidence };
  }
  // Beside 1,5 a text such as 1.234 is another number than to a program.
  const all = new ColumnEvidence();
  addTexts(all, distinctTexts(series), missing);
  return { evidence: all };
}

const isNoNumber = (texts: Series) => texts.cast(pl.Float64).nullCount() === texts.length;

function addTexts(
  evidence: ColumnEvidence,
  { texts, codes }: DistinctTexts,
  missing: ReadonlySet<string>,
): void {
  const counts = new Float64Array(texts.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) counts[codes[i]]++;
  texts.forEach((text, code) => {
    if (!missing.has(text.trim())) evidence.addText(text, counts[code]);
  });
}

/** A column of which all was seen that it takes; undefined where it has to be read as what it is. */
function alreadyRead(
  { numbers, texts }: Look,
  inferred: InferredColumn,
  missing: ReadonlySet<string>,
): TypedColumn | undefined {
  if (inferred.kind === "number") {
    return numbers && { kind: "number", values: numbers, unreadable: 0 };
  }
  return texts && readTexts(texts, inferred, missing);
}

function readAs(
  column: PlainSeries,
  { kind, codes }: InferredColumn,
  notation: Notation,
  missing: ReadonlySet<string>,
): TypedColumn {
  const { native, series } = column;
  if (kind === "number") return readNumbers(column, notation, missing);
  if (kind === "date" && native === "date") return { kind, values: float64(series), unreadable: 0 };
  return readTexts(distinctTexts(textsOf(column)), { kind, codes }, missing);
}

/** A column of anything but numbers from its texts. */
function readTexts(
  texts: DistinctTexts,
  { kind, codes }: InferredColumn,
  missing: ReadonlySet<string>,
): TypedColumn {
  const spelled = (text: string) => {
    if (kind === "boolean") return canonicalTruth(text);
    return isTruth(text) ? text.trim().toLowerCase() : codes ? canonicalCode(text) : text;
  };
  const read = categories(texts, missing, spelled);
  if (kind === "boolean" || kind === "category") return { kind: "category", ...read };
  const { codes: places, vocabulary } = read;
  if (kind === "text") {
    return { kind, values: Array.from(places, (place) => vocabulary[place] ?? null) };
  }
  const moments = vocabulary.map(parseMoment);
  let unreadable = 0;
  const values = new Float64Array(new SharedArrayBuffer(8 * places.length));
  places.forEach((place, row) => {
    values[row] = place < 0 ? NaN : moments[place];
    if (place >= 0 && Number.isNaN(moments[place])) unreadable++;
  });
  return { kind: "date", values, unreadable };
}

/** The values of a column as texts. */
function textsOf({ native, series, exact, days }: PlainSeries): Series {
  if (native === "text") return series;
  if (native !== "date") return exact ? exact() : series.cast(pl.Utf8);
  const times = float64(series);
  const texts = Array.from(
    times,
    (time) =>
      Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, days ? 10 : undefined),
  );
  return pl.Series(series.name, texts, pl.Utf8);
}

/** `true` and `false` for their spellings and for 1 and 0. */
function canonicalTruth(text: string): string {
  const word = text.trim().toLowerCase();
  return word === "true" || word === "false" ? word : String(Number(word) === 1);
}

/** `7` for `7.0` and `1.5` for `1.50`: one code, whoever wrote it; `007` stays. */
function canonicalCode(text: string): string {
  const found = /^[+]?(-?(?:0|[1-9]\d*))(\.\d*?)0*$/.exec(text.trim()) ??
    /^[+]?(-?(?:0|[1-9]\d*))$/.exec(text.trim());
  if (found === null) return text;
  const [, whole, fraction = ""] = found;
  return fraction === "." ? whole : whole + fraction;
}

function readNumbers(
  { native, series }: PlainSeries,
  notation: Notation,
  missing: ReadonlySet<string>,
): TypedNumbers {
  if (native === "number") return { kind: "number", values: float64(series), unreadable: 0 };
  const numbers = native === "text" && notation === "comma"
    ? pl.Series(series.name, Array<null>(series.length).fill(null), pl.Float64)
    : series.cast(pl.Float64);
  const values = float64(numbers);
  const rows = unreadRows(series, numbers);
  const texts = series.gather(rows).toArray() as string[];
  let unreadable = 0;
  rows.forEach((row, i) => {
    const plain = plainNumber(texts[i], notation);
    if (plain !== undefined) values[row] = Number(plain);
    else if (!missing.has(texts[i].trim()) && !/^[+-]?nan$/i.test(texts[i])) unreadable++;
  });
  return { kind: "number", values, unreadable };
}

/** Codes in order of appearance; missing texts become −1. */
function categories(
  { texts, codes }: DistinctTexts,
  missing: ReadonlySet<string>,
  spelled: (text: string) => string,
): { codes: Int32Array; vocabulary: string[] } {
  const known = new Map<string, number>();
  const renumbered = texts.map((text) => {
    if (missing.has(text.trim()) || text === "NaN") return -1;
    const name = spelled(text);
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  });
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) codes[i] = renumbered[codes[i]];
  return { codes, vocabulary: [...known.keys()] };
}

/** The different texts in order of appearance, and the index of each row's, −1 for nulls. */
interface DistinctTexts {
  readonly texts: readonly string[];
  readonly codes: Int32Array;
}

function distinctTexts(series: Series): DistinctTexts {
  // Polars numbers the texts of all columns of a process together: ours start from 0.
  const numbered = series.cast(pl.Categorical).cast(pl.UInt32);
  const given = numbered.fillNull("zero").toTypedArray() as Uint32Array;
  let highest = -1;
  for (let i = 0; i < given.length; i++) if (given[i] > highest) highest = given[i];
  const place = new Int32Array(highest + 1).fill(-1);
  const first: number[] = [];
  const codes = new Int32Array(new SharedArrayBuffer(4 * given.length));
  for (const row of numbered.nullCount() > 0 ? ones(numbered.isNull()) : []) codes[row] = -1;
  for (let i = 0; i < given.length; i++) {
    if (codes[i] < 0) continue;
    const own = given[i];
    if (place[own] < 0) place[own] = first.push(i) - 1;
    codes[i] = place[own];
  }
  return { texts: first.length === 0 ? [] : series.gather(first).toArray() as string[], codes };
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

/** The rows whose text is no number to Polars. */
export function unreadRows(
  texts: Series,
  numbers: Series = texts.cast(pl.Float64),
): number[] {
  if (numbers.nullCount() === texts.nullCount()) return [];
  const there = texts.isNotNull().cast(pl.UInt8).toTypedArray() as Uint8Array;
  return ones(numbers.isNull()).filter((row) => there[row] === 1);
}

/** The rows that hold true. */
function ones(flags: Series): number[] {
  const bytes = flags.cast(pl.UInt8).fillNull("zero").toTypedArray() as Uint8Array;
  const rows: number[] = [];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 1) rows.push(i);
  return rows;
}
