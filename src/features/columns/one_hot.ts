/** Unordered categories, one 0/1 feature each. */

import type { TextColumn } from "../clean_data.ts";
import type { ColumnKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import {
  categoriesFault,
  codeTexts,
  drawText,
  frequentCategories,
  hasCodes,
  indexOfLargest,
  missingTextsOf,
  takeTexts,
  textBorders,
  type TextCode,
  understandsTexts,
  viewTexts,
  withSpellings,
} from "./text.ts";

/** What may be said about a column of unordered categories. */
export interface OneHotOptions {
  /**
   * What a missing value becomes: the most frequent category, which is so unless
   * it is set, or a feature `<name>_missing` of its own. A list of texts tells
   * what means a missing value, beside the usual texts.
   */
  readonly missing?: readonly string[] | "mode" | "category";
  /** Texts that mean a missing value, where `missing` tells what becomes of it. */
  readonly markers?: readonly string[];
  /** Rows that a category needs in training to become a feature; 1 unless it is set. */
  readonly minCount?: number;
  /** Whether rare and unknown categories set a feature `<name>_other`; false unless it is set. */
  readonly other?: boolean;
  /** What the column means, for the model's input schema. */
  readonly description?: string;
}

/** A column of unordered categories. */
export interface OneHotSpec extends OneHotOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "oneHot";
}

/** A fitted column of unordered categories. */
export interface OneHotState {
  /** Tells the kinds of columns apart. */
  readonly kind: "oneHot";
  /** Name of the raw column. */
  readonly name: string;
  /** What the column means. */
  readonly description?: string;
  /** The categories that became features, sorted. */
  readonly categories: readonly string[];
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** Category that is most frequent; missing values become it unless they have a feature. */
  readonly mode: number;
  /** Whether the next feature is for missing values; absent if not. */
  readonly missingFeature?: true;
  /** Whether the last feature is for all other texts; absent if not. */
  readonly otherFeature?: true;
  /** Whether categories are integer codes, which may also come as `7.0`; absent if not. */
  readonly codes?: true;
}

/**
 * A column of unordered categories, one feature for each category of the
 * training rows. Missing becomes the most frequent category; a category that
 * training did not see sets no feature. Integer codes are categories too: `7`,
 * `7.0` and the number 7 are one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(oneHot({ missing: ["_______"] }), { kind: "oneHot", missing: ["_______"] });
 * ```
 */
export function oneHot(options: OneHotOptions = {}): OneHotSpec {
  return { kind: "oneHot", ...options };
}

/** Columns of unordered categories. */
export const oneHotKind: ColumnKind<OneHotSpec, OneHotState, TextColumn> = {
  form: "texts",
  categorical: false,
  check: categoriesFault,
  clean: (spec, cells, context) => codeTexts(cells, context, { missing: missingTextsOf(spec) }),
  fit(spec, column, { name, rows }) {
    const { description, other } = spec;
    const seen = frequentCategories(column, rows, spec);
    if (seen.length === 0) throw nothingToLearn(name, rows.length);
    const missing = missingTextsOf(spec);
    const categories = seen.map(({ text }) => text);
    return {
      kind: "oneHot",
      name,
      ...(description === undefined ? {} : { description }),
      categories,
      missing,
      mode: indexOfLargest(seen.map(({ count }) => count)),
      ...(spec.missing === "category" && { missingFeature: true }),
      ...(other && { otherFeature: true }),
      ...(hasCodes([...categories, ...missing]) && { codes: true }),
    };
  },
  features: ({ name, categories, missingFeature, otherFeature }) => [
    ...categories.map((category) => `${name}_${category}`),
    ...(missingFeature ? [`${name}_missing`] : []),
    ...(otherFeature ? [`${name}_other`] : []),
  ],
  gaps: () => false,
  transform(state, { codes, vocabulary }, rows, out) {
    const { missing } = oneHotCodes(state);
    const featureOf = vocabulary.map(oneHotFeature(state));
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]];
      const feature = code < 0 ? missing : featureOf[code];
      if (feature >= 0) out[feature * rows.length + i] = 1;
    }
  },
  transformLearned: null,
  writer(state, first) {
    const featureOf = oneHotFeature(state);
    return (value, row) => {
      const feature = featureOf(value as string);
      if (feature >= 0) row[first + feature] = 1;
    };
  },
  declared: ({ missing }) => ({ kind: "oneHot", missing }),
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
  example: ({ categories, mode }) => categories[mode],
  view: viewTexts,
};

/** Which of the column's features each text sets. */
export function oneHotCodes({ categories, missing, mode, ...state }: OneHotState): {
  readonly entries: readonly TextCode[];
  /** The feature of a missing value. */
  readonly missing: number;
  /** The feature of any other text, undefined for none. */
  readonly unknown: number | undefined;
  /** How many features there are. */
  readonly width: number;
} {
  let width = categories.length;
  const missingCode = state.missingFeature ? width++ : mode;
  const unknown = state.otherFeature ? width++ : undefined;
  const entries = withSpellings([
    ...categories.map((text, code) => [text, code] as const),
    ...missing.map((text) => [text, missingCode] as const),
  ], state.codes);
  return { entries, missing: missingCode, unknown, width };
}

/** From a text to the one of the column's features that it sets, −1 for none. */
function oneHotFeature(state: OneHotState): (text: string) => number {
  const { entries, unknown = -1 } = oneHotCodes(state);
  const featureOf = new Map(entries);
  return (text) => featureOf.get(text) ?? unknown;
}
