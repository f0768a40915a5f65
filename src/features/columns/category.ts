/** Unordered categories as codes, for trees that split them by sets. */

import { DataError } from "../../base/mod.ts";
import type { TextColumn } from "../clean_data.ts";
import type { ColumnKind, Described, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import {
  categoriesFault,
  type CodedTexts,
  codeTexts,
  frequentCategories,
  hasCodes,
  knownTexts,
  missingTextsOf,
  type TextCode,
} from "./text.ts";
import { type TextNumbers, textNumbers, textWriter, transformTexts } from "./text_numbers.ts";

/** The most categories that codes are given to: those that trees take. */
const maxCategories = 65_536;

/** What may be said about a column of categories for trees. */
export interface CategoryOptions extends Described {
  /**
   * What missing, rare and unknown values become: NaN, which is so unless it is
   * set, or one category of their own. A list of texts tells what means a missing
   * value, beside the usual texts.
   */
  readonly missing?: readonly string[] | "keep" | "category";
  /** Texts that mean a missing value, where `missing` tells what becomes of it. */
  readonly markers?: readonly string[];
  /** Rows that a category needs in training to have a code; 1 unless it is set. */
  readonly minCount?: number;
}

/** A column of categories for trees. */
export interface CategorySpec extends CategoryOptions, SpecOfKind<"category"> {}

/** A fitted column of categories for trees. */
export interface CategoryState extends StateOfKind<"category">, CodedTexts {
  /** The categories by falling number of training rows; number `i` has the code `i`. */
  readonly categories: readonly string[];
  /** Whether the code after the last is for all other values; absent if these are NaN. */
  readonly otherCode?: true;
}

/**
 * A column of categories as one feature of codes, texts and integer codes
 * alike, whose order means nothing: trees split it by sets of categories, other
 * learners refuse it and are given `oneHot`. Columns of many categories cost
 * trees no more than columns of few.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(category({ minCount: 5 }), { kind: "category", minCount: 5 });
 * ```
 */
export function category(options: CategoryOptions = {}): CategorySpec {
  return { kind: "category", ...options };
}

/** Columns of categories for trees. */
export const categoryKind: ColumnKind<CategorySpec, CategoryState, TextColumn> = {
  ...knownTexts,
  form: "texts",
  categorical: true,
  check: categoriesFault,
  clean: (spec, cells, context) => codeTexts(cells, context, { missing: missingTextsOf(spec) }),
  fit(spec, column, { name, rows }) {
    const { description, minCount = 1 } = spec;
    const seen = frequentCategories(column, rows, spec).sort((a, b) => b.count - a.count);
    if (seen.length === 0) throw nothingToLearn(name, rows.length);
    if (seen.length >= maxCategories) {
      throw new DataError(
        `Cannot fit column "${name}": it has ${seen.length} categories, wanted fewer than ${maxCategories}`,
        { next: `raise minCount of column "${name}" above ${minCount}, or leave the column out` },
      );
    }
    const missing = missingTextsOf(spec);
    const categories = seen.map(({ text }) => text);
    return {
      kind: "category",
      name,
      ...(description === undefined ? {} : { description }),
      categories,
      missing,
      ...(spec.missing === "category" && { otherCode: true }),
      ...(hasCodes([...categories, ...missing]) && { codes: true }),
    };
  },
  features: ({ name }) => [name],
  gaps: ({ otherCode }) => otherCode !== true,
  transform: (state, column, rows, out) =>
    transformTexts(categoryNumbers(state), otherOf(state), column, rows, out),
  transformLearned: null,
  bag: null,
  writer: (state, first) => textWriter([categoryNumbers(state)], first),
  declared: ({ missing }) => ({ kind: "category", missing }),
  example: ({ categories }) => categories[0],
};

/** What a value without a code of its own becomes. */
function otherOf({ categories, otherCode }: CategoryState): number {
  return otherCode ? categories.length : NaN;
}

/** From texts to codes. */
export function categoryNumbers(state: CategoryState): TextNumbers {
  const { categories, missing, codes } = state;
  const other = otherOf(state);
  const known = categories.map((text, code): TextCode => [text, code]);
  return textNumbers(known, { texts: missing, value: other }, other, codes);
}
