/** Unordered categories, one 0/1 feature each. */

import type { TextColumn } from "../clean_data.ts";
import type { ColumnKind, Described, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import {
  categoriesFault,
  type CodedTexts,
  codeTexts,
  frequentCategories,
  hasCodes,
  indexOfLargest,
  knownTexts,
  missingTextsOf,
  type TextCode,
  withSpellings,
} from "./text.ts";

/** What may be said about a column of unordered categories. */
export interface OneHotOptions extends Described {
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
}

/** A column of unordered categories. */
export interface OneHotSpec extends OneHotOptions, SpecOfKind<"oneHot"> {}

/** A fitted column of unordered categories. */
export interface OneHotState extends StateOfKind<"oneHot">, CodedTexts {
  /** The categories that became features, sorted. */
  readonly categories: readonly string[];
  /** Category that is most frequent; missing values become it unless they have a feature. */
  readonly mode: number;
  /** Whether the next feature is for missing values; absent if not. */
  readonly missingFeature?: true;
  /** Whether the last feature is for all other texts; absent if not. */
  readonly otherFeature?: true;
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
  ...knownTexts,
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
  bag: null,
  writer(state, first) {
    const featureOf = oneHotFeature(state);
    return (value, row) => {
      const feature = featureOf(value as string);
      if (feature >= 0) row[first + feature] = 1;
    };
  },
  declared: ({ missing }) => ({ kind: "oneHot", missing }),
  example: ({ categories, mode }) => categories[mode],
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
