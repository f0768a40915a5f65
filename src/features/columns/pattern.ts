/** Numbers that a text tells in parts, as "22 Years and 1 Months": the weighted sum of its parts. */

import { UsageError } from "../../base/mod.ts";
import type { NumberColumn } from "../clean_data.ts";
import { missingTexts, textOf } from "../missing.ts";
import { CellTally } from "../notices.ts";
import type { ColumnKind, RawValue, SpecOfKind, StateOfKind } from "./kind.ts";
import {
  drawNumber,
  numberBorders,
  numberColumn,
  numberFeatureNames,
  numberWriter,
  transformNumbers,
} from "./number_features.ts";
import { fitNumbers } from "./number_fit.ts";
import {
  believer,
  declaredRange,
  numberFault,
  type NumberFit,
  type NumberOptions,
} from "./number_options.ts";
import { checkPattern, patternOf, type TextPattern } from "./text_pattern.ts";

/** What may be said about a column of a text pattern; numbers are those of its sums. */
export interface PatternOptions extends NumberOptions, TextPattern {}

/** A column of a text pattern. */
export interface PatternSpec extends PatternOptions, SpecOfKind<"pattern"> {}

/** A fitted column of a text pattern; all numbers are those of its sums. */
export interface PatternState extends NumberFit, TextPattern, StateOfKind<"pattern"> {}

/**
 * A column of texts that tell a number in parts. Any other text is missing.
 *
 * @throws {UsageError} if the pattern contradicts itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { patternOf } from "./text_pattern.ts";
 * const time = pattern({
 *   format: "{}:{}",
 *   separator: ":",
 *   parts: [{ weight: 60, digits: "[0-9]{1,2}" }, { weight: 1, digits: "[0-5]?[0-9]" }],
 *   example: "7:30",
 * });
 * assertEquals(["7:30", "7:61"].map(patternOf(time).parse), [450, NaN]);
 * ```
 */
export function pattern(options: PatternOptions): PatternSpec {
  const spec: PatternSpec = { kind: "pattern", ...options };
  const fault = checkPattern(spec);
  if (fault === undefined) return spec;
  throw new UsageError(`Cannot read texts as "${spec.format}": ${fault}`, {
    next: "correct the declaration",
  });
}

/** Columns of text patterns. */
export const patternKind: ColumnKind<PatternSpec, PatternState, NumberColumn> = {
  form: "numbers",
  categorical: false,
  check(spec, column) {
    const fault = checkPattern(spec);
    return numberFault(spec, column) ?? (fault && `${column}: ${fault}`);
  },
  clean(spec, cells, { name, tell }) {
    const { parse } = patternOf(spec);
    const believed = believer(spec);
    const seen = new Map<string, number>(missingTexts.map((text) => [text, NaN]));
    const unread = new Set<string>();
    const [unreadCells, outside] = [new CellTally(), new CellTally()];
    const column = numberColumn(cells.length, (row) => {
      const text = textOf(cells[row], name, row);
      let value = seen.get(text);
      if (value === undefined) {
        value = parse(text);
        if (Number.isNaN(value)) unread.add(text);
        seen.set(text, value);
      }
      if (unread.has(text)) unreadCells.add(text);
      const single = believed(value);
      if (Number.isNaN(single) && !Number.isNaN(value)) outside.add(text);
      return single;
    });
    unreadCells.tell("unread", tell);
    outside.tell("outside", tell);
    return column;
  },
  fit: ({ format, parts, separator, example, ...spec }, column, { name, rows }) => ({
    kind: "pattern",
    ...fitNumbers(spec, name, column, rows),
    format,
    parts,
    ...(separator === undefined ? {} : { separator }),
    example,
  }),
  features: numberFeatureNames,
  gaps: ({ missing }) => missing === "keep",
  transform: transformNumbers,
  transformLearned: null,
  bag: null,
  writer(state, first) {
    const { parse } = patternOf(state);
    const write = numberWriter(state, first);
    return (value, row) => write(parse(value as string), row);
  },
  declared: ({ format, parts, separator, example, ...state }) => ({
    kind: "pattern",
    ...declaredRange(state),
    format,
    parts,
    ...(separator === undefined ? {} : { separator }),
    example,
  }),
  understands(state) {
    const { parse } = patternOf(state);
    const believed = believer(declaredRange(state));
    return (value) =>
      missingTexts.includes(value as string) || !Number.isNaN(believed(parse(value as string)));
  },
  input: ({ name, description, example }) => ({
    name,
    kind: "text",
    required: false,
    description: [description, `written as "${example}"`].filter(Boolean).join(", "),
  }),
  raw(state, { values }, rows) {
    const { write } = patternOf(state);
    return Array.from(rows, (row) => Number.isNaN(values[row]) ? "" : write(values[row]));
  },
  borders(state) {
    const texts = numberBorders(state).map((value) => textOfNumber(state, value));
    const { example } = state;
    return [...new Set([...texts, example, ` ${example}`, `${example} `, `${example}\n`, "", "?"])];
  },
  draw: (state, random) => textOfNumber(state, drawNumber(state, random)),
  example: (state) => textOfNumber(state, state.median),
  view: ({ values }) => ({ kind: "number", values }),
};

/** The nearest text that there is; the example if none can be written. */
function textOfNumber(state: PatternState, value: number): RawValue {
  if (!Number.isFinite(value)) return "";
  const { parse, write } = patternOf(state);
  const text = write(Math.max(0, Math.round(value)));
  return Number.isNaN(parse(text)) ? state.example : text;
}
