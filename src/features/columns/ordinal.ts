/** Ordered categories, as the number of their level. */

import type { Cell } from "../../table/mod.ts";
import type { TextColumn } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import { missingTextsWith } from "../missing.ts";
import { nothingToLearn } from "./number.ts";
import { codeTexts, countCodes, mostFrequent } from "./text.ts";

/** What may be said about a column of texts. */
export interface TextOptions {
  /** Texts that mean a missing value, beside the usual ones. */
  readonly missing?: readonly string[];
  /** What the column means, for the model's input schema. */
  readonly description?: string;
}

/** A column of ordered categories. */
export interface OrdinalSpec extends TextOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "ordinal";
  /** The levels in rising order; level `i` becomes the number `i`. */
  readonly levels: readonly string[];
}

/** A fitted column of ordered categories. */
export interface OrdinalState {
  /** Tells the kinds of columns apart. */
  readonly kind: "ordinal";
  /** Name of the raw column. */
  readonly name: string;
  /** What the column means. */
  readonly description?: string;
  /** The levels in rising order. */
  readonly levels: readonly string[];
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** Level that stands in for missing and unknown values: the most frequent one. */
  readonly mode: number;
}

/**
 * A column of ordered categories. Unknown levels are missing, missing ones
 * become the most frequent level.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ordinal(["Bad", "Good"]), { kind: "ordinal", levels: ["Bad", "Good"] });
 * ```
 */
export function ordinal(levels: readonly string[], options: TextOptions = {}): OrdinalSpec {
  return { kind: "ordinal", levels, ...options };
}

/** Codes the cells of an ordinal column by level. */
export function cleanOrdinal(spec: OrdinalSpec, name: string, cells: readonly Cell[]): TextColumn {
  return codeTexts(name, cells, missingTextsWith(spec.missing), spec.levels, false);
}

/**
 * Learns the most frequent level.
 *
 * @throws {DataError} where no row has a level.
 */
export function fitOrdinal(
  { levels, missing, description }: OrdinalSpec,
  name: string,
  column: TextColumn,
  rows: Int32Array,
): OrdinalState {
  const mode = mostFrequent(countCodes(column, rows));
  if (mode < 0) throw nothingToLearn(name, rows.length);
  return {
    kind: "ordinal",
    name,
    ...(description === undefined ? {} : { description }),
    levels,
    missing: missingTextsWith(missing),
    mode,
  };
}

/** Writes the levels of `rows` to `out`. */
export function transformOrdinal(
  state: OrdinalState,
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const levelOf = vocabulary.map(ordinalFeature(state));
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    out[i] = code < 0 ? state.mode : levelOf[code];
  }
}

/** From a text to its level. */
export function ordinalFeature(
  { levels, missing, mode }: OrdinalState,
): (text: string) => number {
  const levelOf = new Map(levels.map((text, level) => [text, level]));
  for (const text of missing) levelOf.delete(text);
  return (text) => levelOf.get(text) ?? mode;
}

/** What a request may send for an ordinal column. */
export function ordinalInput({ name, levels, description }: OrdinalState): InputField {
  return {
    name,
    kind: "text",
    required: false,
    categories: levels,
    ...(description === undefined ? {} : { description }),
  };
}
