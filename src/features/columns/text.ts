/** What columns of texts share: texts as codes, integer codes in one spelling, the mode. */

import { wordsOf } from "../../text/mod.ts";
import type { Random } from "../../base/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import { sharedInt32, type TextColumn } from "../clean_data.ts";
import { missingTextsWith, textOf } from "../missing.ts";
import { CellTally } from "../notices.ts";
import type {
  AnySpec,
  AnyState,
  CleanContext,
  ColumnKind,
  Described,
  DriftView,
  RawValue,
} from "./kind.ts";
import type { UnknownShares } from "./unknown_terms.ts";

/** What may be said about a column of texts. */
export interface TextOptions extends Described {
  /** Texts that mean a missing value, beside the usual ones. */
  readonly missing?: readonly string[];
}

/** A text that stands for a number or a code. */
export type TextCode = readonly [text: string, code: number];

/** An integer as a code, which tables write in two ways: `7` and, where others are missing, `7.0`. */
const integer = /^-?\d+$/;

const integerWithPoint = /^-?\d+\.0$/;

/**
 * One spelling of a category: `7.0` is `7`, and a text ends before a NUL, which pads texts of a
 * fixed width, and at which ONNX Runtime ends a text too.
 */
export function spelling(text: string): string {
  if (text.includes("\0")) return spelling(text.slice(0, text.indexOf("\0")));
  return text.endsWith(".0") && integerWithPoint.test(text) ? text.slice(0, -2) : text;
}

/** Whether some of the texts are integer codes, which may also come as `7.0`. */
export function hasCodes(texts: readonly string[]): boolean {
  return texts.some((text) => integer.test(text));
}

/** The entries with the other spelling of each integer code; `codes` is false for exact texts only. */
export function withSpellings(
  entries: readonly TextCode[],
  codes: boolean | undefined,
): TextCode[] {
  if (!codes) return [...entries];
  return entries.flatMap(([text, code]): TextCode[] =>
    integer.test(text) ? [[text, code], [`${text}.0`, code]] : [[text, code]]
  );
}

/** How a column of texts is coded. */
export interface Coding {
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** Texts that come first in the vocabulary. */
  readonly known?: readonly string[];
  /** The code of any other text; where it is left out they join the vocabulary. */
  readonly codeOf?: (text: string) => number;
}

/** Codes the cells by the texts seen; tells texts that are known neither as value nor as missing. */
export function codeTexts(
  cells: readonly Cell[],
  { name, tell }: Pick<CleanContext<unknown>, "name" | "tell">,
  { missing, known = [], codeOf }: Coding,
): TextColumn {
  const codes = sharedInt32(cells.length);
  const vocabulary = [...known];
  const codeOfText = new Map(known.map((text, code) => [text, code]));
  for (const text of missing) codeOfText.set(text, -1);
  const unknown = new Set<string>();
  const unread = new CellTally();
  for (let i = 0; i < cells.length; i++) {
    const text = textOf(cells[i], name, i);
    let code = codeOfText.get(text);
    if (code === undefined) {
      const one = spelling(text);
      code = codeOfText.get(one) ?? (codeOf ? codeOf(one) : vocabulary.push(one) - 1);
      codeOfText.set(one, code);
      codeOfText.set(text, code);
      if (code < 0 && codeOf) unknown.add(text);
    }
    codes[i] = code;
    if (code < 0 && unknown.has(text)) unread.add(text);
  }
  unread.tell("unread", tell);
  return { kind: "texts", codes, vocabulary };
}

/** How often each code occurs in `rows`, −1 left out, shape [vocabulary]. */
export function countCodes({ codes, vocabulary }: TextColumn, rows: Int32Array): Int32Array {
  const counts = new Int32Array(vocabulary.length);
  for (const row of rows) if (codes[row] >= 0) counts[codes[row]]++;
  return counts;
}

/** What may be said about a column of categories, where missing ones may be one of their own. */
export interface CategoriesOptions {
  /** What missing values become, or texts that mean one. */
  readonly missing?: readonly string[] | string;
  /** Texts that mean a missing value, where `missing` tells what becomes of it. */
  readonly markers?: readonly string[];
  /** Rows that a category needs in training; 1 unless it is set. */
  readonly minCount?: number;
}

/** What contradicts itself in such a declaration; else undefined. */
export function categoriesFault(
  { missing, markers, minCount = 1 }: CategoriesOptions,
  column: string,
): string | undefined {
  if (!Number.isInteger(minCount) || minCount < 1) {
    return `minCount of ${column} is ${minCount}, wanted 1 or more`;
  }
  if (typeof missing === "object" && markers !== undefined) {
    return `missing texts of ${column} are given twice, as missing and as markers`;
  }
}

/** All texts that mean a missing value in such a column. */
export function missingTextsOf({ missing, markers }: CategoriesOptions): readonly string[] {
  return missingTextsWith(typeof missing === "object" ? missing : markers);
}

/** The categories that `rows` have often enough, by their texts, with their numbers of rows. */
export function frequentCategories(
  column: TextColumn,
  rows: Int32Array,
  { minCount = 1 }: CategoriesOptions,
): { readonly text: string; readonly count: number }[] {
  const counts = countCodes(column, rows);
  return column.vocabulary.map((text, code) => ({ text, count: counts[code] }))
    .filter(({ count }) => count >= minCount)
    .sort((a, b) => a.text < b.text ? -1 : 1);
}

/** Index of the largest count, the first one where several are largest; −1 if all are 0. */
export function indexOfLargest(counts: ArrayLike<number>): number {
  let best = -1;
  for (let code = 0, most = 0; code < counts.length; code++) {
    if (counts[code] > most) [best, most] = [code, counts[code]];
  }
  return best;
}

/** The missing texts of a column, in their one spelling too. */
export function missingOf({ missing }: TextOptions): readonly string[] {
  return missingTextsWith(missing);
}

/** Texts of `rows`, "" for a missing one. */
export function takeTexts({ codes, vocabulary }: TextColumn, rows: Int32Array): string[] {
  return Array.from(rows, (row) => codes[row] < 0 ? "" : vocabulary[codes[row]]);
}

/** The codes as drift is measured on them. */
export function viewTexts({ codes, vocabulary }: TextColumn): DriftView {
  return { kind: "category", codes, vocabulary };
}

/** Texts that a column of known ones tells apart: each in each spelling, missing ones, dirt. */
export function textBorders(
  known: readonly string[],
  missing: readonly string[],
  codes: boolean | undefined,
): RawValue[] {
  const texts = [...known, ...missing].map((text): TextCode => [text, 0]);
  const spelled = withSpellings(texts, codes).map(([text]) => text);
  const dirt = known.slice(0, 3).flatMap((text) => [` ${text}`, `${text} `, `${text}.0`]);
  return [...new Set([...spelled, "?", ...dirt, "😀"])];
}

/** Makes what tells whether a text is known, in either spelling, or means a missing value. */
export function understandsTexts(
  known: readonly string[],
  missing: readonly string[],
  codes: boolean | undefined,
): (value: RawValue) => boolean {
  const texts = [...known, ...missing].map((text): TextCode => [text, 0]);
  const understood = new Set(withSpellings(texts, codes).map(([text]) => text));
  return (value) => understood.has(value as string);
}

/** One of the texts. */
export function drawText(texts: readonly string[], random: Random): string {
  return texts[random.int(texts.length)];
}

/** What fitted columns of coded texts have. */
export interface CodedTexts {
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** Whether its texts are integer codes, which may also come as `7.0`; absent if not. */
  readonly codes?: true;
}

/** A fitted column whose texts training knows. */
interface KnownTexts extends AnyState, CodedTexts {
  readonly categories: readonly string[];
}

/** What kinds of columns of known texts have in common. */
export const knownTexts: Pick<
  ColumnKind<AnySpec, KnownTexts, TextColumn>,
  "understands" | "input" | "raw" | "borders" | "draw" | "view"
> = {
  understands: ({ categories, missing, codes }) => understandsTexts(categories, missing, codes),
  input: ({ name, categories, description, codes }) => ({
    name,
    kind: "text",
    required: false,
    categories,
    ...(description === undefined ? {} : { description }),
    ...(codes && { codes }),
  }),
  raw: (_state, column, rows) => takeTexts(column, rows),
  borders: ({ categories, missing, codes }) => textBorders(categories, missing, codes),
  draw: ({ categories }, random) => drawText(categories, random),
  view: viewTexts,
};

/** What kinds of columns of free text have in common; `words` are frequent ones. */
export const freeTexts: Pick<
  ColumnKind<AnySpec, AnyState & { readonly words: readonly string[] }, TextColumn>,
  "input" | "raw" | "draw" | "example"
> = {
  input: ({ name, description }) => ({
    name,
    kind: "text",
    required: false,
    freeText: true,
    ...(description === undefined ? {} : { description }),
  }),
  raw: (_state, column, rows) => takeTexts(column, rows),
  // Texts of numbers or signs alone have no words to draw from.
  draw: ({ words }, random) =>
    words.length === 0
      ? ""
      : Array.from({ length: 1 + random.int(12) }, () => drawText(words, random)).join(" "),
  example: ({ words }) => words.slice(0, 6).join(" "),
};

/**
 * The words of each row, as drift is measured on them, digits as zeros: what is kept of them tells
 * no number. A text without words is one missing word.
 *
 * @param unknown Share of each row that a model can make nothing of; undefined if nothing tells.
 */
export function viewWords(
  { codes, vocabulary }: TextColumn,
  unknown: UnknownShares | undefined,
): DriftView {
  const codeOf = new Map<string, number>();
  const wordsOfText = vocabulary.map((text) =>
    [...new Set(wordsOf(text).map((word) => word.replaceAll(/\p{Nd}/gu, "0")))].map((word) => {
      const code = codeOf.get(word) ?? codeOf.size;
      codeOf.set(word, code);
      return code;
    })
  );
  const found: number[] = [];
  const rows: number[] = [];
  codes.forEach((text, row) => {
    const own = text < 0 ? [] : wordsOfText[text];
    for (const word of own.length > 0 ? own : [-1]) {
      found.push(word);
      rows.push(row);
    }
  });
  return {
    kind: "category",
    codes: Int32Array.from(found),
    vocabulary: [...codeOf.keys()],
    rows: Int32Array.from(rows),
    ...unknown && { unknown },
  };
}
