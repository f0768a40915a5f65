/** Ordered categories, as the number of their level. */

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
  spelling,
  takeTexts,
  textBorders,
  type TextOptions,
  understandsTexts,
  viewTexts,
} from "./text.ts";
import { type TextNumbers, textNumbers, textWriter, transformTexts } from "./text_numbers.ts";

export type { TextOptions } from "./text.ts";

/** A column of ordered categories. */
export interface OrdinalSpec extends TextOptions, SpecOfKind<"ordinal"> {
  /** The levels in rising order; level `i` becomes the number `i`. */
  readonly levels: readonly string[];
}

/** A fitted column of ordered categories. */
export interface OrdinalState extends StateOfKind<"ordinal">, CodedTexts {
  /** The levels in rising order. */
  readonly levels: readonly string[];
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

/** Columns of ordered categories. */
export const ordinalKind: ColumnKind<OrdinalSpec, OrdinalState, TextColumn> = {
  form: "texts",
  categorical: false,
  check: ({ levels }, column) =>
    new Set(levels.map(spelling)).size < Math.max(2, levels.length)
      ? `levels of ${column} must be two or more, all different`
      : undefined,
  clean: (spec, cells, context) =>
    codeTexts(cells, context, {
      missing: missingOf(spec),
      known: spec.levels.map(spelling),
      codeOf: () => -1,
    }),
  fit({ levels, description, ...spec }, column, { name, rows }) {
    const mode = indexOfLargest(countCodes(column, rows));
    if (mode < 0) throw nothingToLearn(name, rows.length);
    const missing = missingOf(spec);
    return {
      kind: "ordinal",
      name,
      ...(description === undefined ? {} : { description }),
      levels: levels.map(spelling),
      missing,
      mode,
      ...(hasCodes([...levels, ...missing]) && { codes: true }),
    };
  },
  features: ({ name }) => [name],
  gaps: () => false,
  transform: (state, column, rows, out) =>
    transformTexts(ordinalNumbers(state), state.mode, column, rows, out),
  transformLearned: null,
  bag: null,
  writer: (state, first) => textWriter([ordinalNumbers(state)], first),
  declared: ({ levels, missing }) => ({ kind: "ordinal", levels, missing }),
  understands: ({ levels, missing, codes }) => understandsTexts(levels, missing, codes),
  input: ({ name, levels, description, codes }) => ({
    name,
    kind: "text",
    required: false,
    categories: levels,
    ...(description === undefined ? {} : { description }),
    ...(codes && { codes }),
  }),
  raw: (_state, column, rows) => takeTexts(column, rows),
  borders: ({ levels, missing, codes }) => textBorders(levels, missing, codes),
  draw: ({ levels }, random) => drawText(levels, random),
  example: ({ levels, mode }) => levels[mode],
  view: viewTexts,
};

/** From texts to level numbers; whatever is no level becomes the most frequent one. */
export function ordinalNumbers({ levels, missing, mode, codes }: OrdinalState): TextNumbers {
  const known = levels.map((text, level) => [text, level] as const);
  return textNumbers(known, { texts: missing, value: mode }, mode, codes);
}
