/** Truth values in any usual spelling, as 0 and 1. */

import type { TextColumn } from "../clean_data.ts";
import type { ColumnKind, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import {
  type CodedTexts,
  codeTexts,
  countCodes,
  drawText,
  hasCodes,
  indexOfLargest,
  missingOf,
  takeTexts,
  textBorders,
  type TextCode,
  type TextOptions,
  understandsTexts,
  viewTexts,
} from "./text.ts";
import { type TextNumbers, textNumbers, textWriter, transformTexts } from "./text_numbers.ts";

/** What may be said about a column of truth values. */
export interface BooleanOptions extends TextOptions {
  /** Texts that mean yes; the usual ones unless they are set. */
  readonly yes?: readonly string[];
  /** Texts that mean no; the usual ones unless they are set. */
  readonly no?: readonly string[];
  /** Whether a missing value stays NaN, which trees split by; else the more frequent one. */
  readonly keepMissing?: boolean;
}

/** A column of truth values. */
export interface BooleanSpec extends BooleanOptions, SpecOfKind<"boolean"> {}

/** A fitted column of truth values. */
export interface BooleanState extends StateOfKind<"boolean">, CodedTexts {
  /** Texts that mean yes. */
  readonly yes: readonly string[];
  /** Texts that mean no. */
  readonly no: readonly string[];
  /** The more frequent of 0 and 1. */
  readonly mode: number;
  /** Whether a missing value stays NaN; absent if it becomes the mode. */
  readonly keepMissing?: true;
}

const usualYes = ["true", "True", "TRUE", "yes", "Yes", "YES", "t", "T", "y", "Y", "1"];

const usualNo = ["false", "False", "FALSE", "no", "No", "NO", "f", "F", "n", "N", "0"];

/**
 * A column of truth values, one feature of 0 and 1. Texts that are neither yes
 * nor no are missing; missing becomes the more frequent value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(boolean({ yes: ["ja"], no: ["nein"] }).kind, "boolean");
 * ```
 */
export function boolean(options: BooleanOptions = {}): BooleanSpec {
  return { kind: "boolean", ...options };
}

/** Columns of truth values. */
export const booleanKind: ColumnKind<BooleanSpec, BooleanState, TextColumn> = {
  form: "texts",
  categorical: false,
  check({ yes = usualYes, no = usualNo, missing = [] }, column) {
    if (yes.length === 0 || no.length === 0) return `yes or no of ${column} has no text`;
    const twice = yes.find((text) => no.includes(text)) ??
      missing.find((text) => yes.includes(text) || no.includes(text));
    if (twice !== undefined) return `"${twice}" of ${column} has two meanings`;
  },
  clean({ yes = usualYes, no = usualNo, ...spec }, cells, context) {
    // A column that can be read has one text for no and one for yes.
    const known = [no[0], yes[0]];
    const codes = new Map<string, number>([
      ...no.map((t) => [t, 0] as const),
      ...yes.map((t) => [t, 1] as const),
    ]);
    const codeOf = (text: string) => codes.get(text) ?? -1;
    return codeTexts(cells, context, { missing: missingOf(spec), known, codeOf });
  },
  fit({ yes = usualYes, no = usualNo, description, keepMissing, ...spec }, column, context) {
    const mode = indexOfLargest(countCodes(column, context.rows));
    if (mode < 0) throw nothingToLearn(context.name, context.rows.length);
    const missing = missingOf(spec);
    return {
      kind: "boolean",
      name: context.name,
      ...(description === undefined ? {} : { description }),
      yes,
      no,
      missing,
      mode,
      ...(keepMissing && { keepMissing }),
      ...(hasCodes([...yes, ...no, ...missing]) && { codes: true }),
    };
  },
  features: ({ name }) => [name],
  gaps: ({ keepMissing }) => keepMissing === true,
  transform: (state, column, rows, out) =>
    transformTexts(booleanNumbers(state), fillOf(state), column, rows, out),
  transformLearned: null,
  bag: null,
  writer: (state, first) => textWriter([booleanNumbers(state)], first),
  declared: ({ yes, no, missing }) => ({ kind: "boolean", yes, no, missing }),
  understands: ({ yes, no, missing, codes }) => understandsTexts([...yes, ...no], missing, codes),
  input: ({ name, yes, no, description, codes }) => ({
    name,
    kind: "text",
    required: false,
    categories: [...yes, ...no],
    ...(description === undefined ? {} : { description }),
    ...(codes && { codes }),
  }),
  raw: (_state, column, rows) => takeTexts(column, rows),
  borders: ({ yes, no, missing, codes }) => textBorders([...yes, ...no], missing, codes),
  draw: ({ yes, no }, random) => drawText([...yes, ...no], random),
  example: ({ yes, no, mode }) => (mode === 1 ? yes : no)[0],
  view: viewTexts,
};

function fillOf({ keepMissing, mode }: BooleanState): number {
  return keepMissing ? NaN : mode;
}

/** From texts to 0 and 1. */
export function booleanNumbers(state: BooleanState): TextNumbers {
  const { yes, no, missing, codes } = state;
  const known: TextCode[] = [
    ...yes.map((text): TextCode => [text, 1]),
    ...no.map((text): TextCode => [text, 0]),
  ];
  const fill = fillOf(state);
  return textNumbers(known, { texts: missing, value: fill }, fill, codes);
}
