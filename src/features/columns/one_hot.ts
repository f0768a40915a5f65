/** Unordered categories, one 0/1 feature each. */

import type { Cell } from "../../table/mod.ts";
import type { TextColumn } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import { missingTextsWith } from "../missing.ts";
import { nothingToLearn } from "./number.ts";
import type { TextOptions } from "./ordinal.ts";
import { codeTexts, countCodes, mostFrequent } from "./text.ts";

/** A column of unordered categories. */
export interface OneHotSpec extends TextOptions {
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
  /** The categories seen, sorted. */
  readonly categories: readonly string[];
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** Category that stands in for missing values: the most frequent one. */
  readonly mode: number;
}

/**
 * A column of unordered categories, one feature for each category of the
 * training rows. Missing becomes the most frequent category; a category that
 * training did not see sets no feature.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(oneHot({ missing: ["_______"] }), { kind: "oneHot", missing: ["_______"] });
 * ```
 */
export function oneHot(options: TextOptions = {}): OneHotSpec {
  return { kind: "oneHot", ...options };
}

/** Codes the cells of a one-hot column by the texts seen. */
export function cleanOneHot(spec: OneHotSpec, name: string, cells: readonly Cell[]): TextColumn {
  return codeTexts(name, cells, missingTextsWith(spec.missing), [], true);
}

/**
 * Learns the categories and the most frequent one, the first in sorted order
 * where several are.
 *
 * @throws {DataError} where no row has a category.
 */
export function fitOneHot(
  { missing, description }: OneHotSpec,
  name: string,
  column: TextColumn,
  rows: Int32Array,
): OneHotState {
  const counts = countCodes(column, rows);
  const seen = column.vocabulary.map((text, code) => ({ text, count: counts[code] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.text < b.text ? -1 : 1);
  if (seen.length === 0) throw nothingToLearn(name, rows.length);
  return {
    kind: "oneHot",
    name,
    ...(description === undefined ? {} : { description }),
    categories: seen.map(({ text }) => text),
    missing: missingTextsWith(missing),
    mode: mostFrequent(seen.map(({ count }) => count)),
  };
}

/** Sets the features of `rows` in `out`, which holds zeros: one column after the other. */
export function transformOneHot(
  state: OneHotState,
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const featureOf = vocabulary.map(oneHotFeature(state));
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    const feature = code < 0 ? state.mode : featureOf[code];
    if (feature >= 0) out[feature * rows.length + i] = 1;
  }
}

/** From a text to the one of the column's features that it sets, −1 for none. */
export function oneHotFeature(
  { categories, missing, mode }: OneHotState,
): (text: string) => number {
  const featureOf = new Map(categories.map((text, index) => [text, index]));
  for (const text of missing) featureOf.set(text, mode);
  return (text) => featureOf.get(text) ?? -1;
}

/** What a request may send for a one-hot column. */
export function oneHotInput({ name, categories, description }: OneHotState): InputField {
  return {
    name,
    kind: "text",
    required: false,
    categories,
    ...(description === undefined ? {} : { description }),
  };
}
