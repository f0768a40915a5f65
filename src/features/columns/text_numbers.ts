/** Columns whose texts become numbers by a table: levels, truth values, encodings by the target. */

import type { TextColumn } from "../clean_data.ts";
import type { RawValue } from "./kind.ts";
import { type TextCode, withSpellings } from "./text.ts";

/** From texts to one number. */
export interface TextNumbers {
  /** Texts with their numbers, each text once, exact in Float32. */
  readonly entries: readonly TextCode[];
  /** The number of every other text. */
  readonly unknown: number;
}

/**
 * A table of texts and numbers.
 *
 * @param known Texts with their numbers; one that also means a missing value is missing.
 * @param missing All texts that mean a missing value, and their number.
 */
export function textNumbers(
  known: readonly TextCode[],
  missing: { readonly texts: readonly string[]; readonly value: number },
  unknown: number,
  codes: boolean | undefined,
): TextNumbers {
  const absent = new Set(missing.texts);
  const entries: TextCode[] = known.filter(([text]) => !absent.has(text));
  // A missing text that gets what any other text does needs no entry.
  const told = Object.is(missing.value, unknown)
    ? []
    : missing.texts.map((text): TextCode => [text, missing.value]);
  return { entries: withSpellings([...entries, ...told], codes), unknown };
}

/** From a text to its number. */
export function numberOfText({ entries, unknown }: TextNumbers): (text: string) => number {
  const numbers = new Map(entries);
  return (text) => numbers.get(text) ?? unknown;
}

/** Writes the numbers of `rows` to `out`; `missing` is that of a missing value. */
export function transformTexts(
  table: TextNumbers,
  missing: number,
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const numbers = Float32Array.from(vocabulary, numberOfText(table));
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    out[i] = code < 0 ? missing : numbers[code];
  }
}

/** Writes the numbers of a text to a row, one for each table, from place `first` on. */
export function textWriter(
  tables: readonly TextNumbers[],
  first: number,
): (value: RawValue, row: Float32Array) => void {
  const numberOf = tables.map(numberOfText);
  if (numberOf.length === 1) return (value, row) => row[first] = numberOf[0](value as string);
  return (value, row) =>
    numberOf.forEach((one, k) => {
      row[first + k] = one(value as string);
    });
}
