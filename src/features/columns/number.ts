/** Numeric columns: out of range is missing, missing is the median unless it is kept, outliers are capped. */

import type { Cell } from "../../dataset/mod.ts";
import { type NumberColumn, sharedFloat32 } from "../clean_data.ts";
import { missingTexts, wrongType } from "../missing.ts";
import { CellTally } from "../notices.ts";
import type { CleanContext, ColumnKind, SpecOfKind, StateOfKind } from "./kind.ts";
import {
  drawNumber,
  numberBorders,
  numberFeatureNames,
  numberWriter,
  takeNumbers,
  transformNumbers,
  understandsNumbers,
} from "./number_features.ts";
import { fitNumbers } from "./number_fit.ts";
import {
  believer,
  declaredRange,
  numberFault,
  type NumberFit,
  type NumberOptions,
} from "./number_options.ts";
import { type Decimal, decimalOf, parseNumber } from "./written_number.ts";

export { parseNumber } from "./written_number.ts";

/** What may be said about a numeric column. */
export interface NumericColumnOptions extends NumberOptions {
  /**
   * How numbers are written in text, as "," for `1.234,50`. Where it is left
   * out it is found out, if all texts of the column agree.
   */
  readonly decimal?: Decimal;
}

/** A numeric column of a feature set. */
export interface NumberSpec extends NumericColumnOptions, SpecOfKind<"number"> {}

/** A fitted numeric column. */
export interface NumberState extends NumberFit, StateOfKind<"number"> {}

/**
 * A numeric column. Text such as `28_` or `__10000__` loses its underscores;
 * what is no number then, or lies out of range, is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(number({ min: 14, max: 100 }), { kind: "number", min: 14, max: 100 });
 * ```
 */
export function number(options: NumericColumnOptions = {}): NumberSpec {
  return { kind: "number", ...options };
}

/** Columns of numbers. */
export const numberKind: ColumnKind<NumberSpec, NumberState, NumberColumn> = {
  form: "numbers",
  categorical: false,
  check: numberFault,
  clean: cleanNumber,
  fit: (spec, column, { name, rows }) => ({
    kind: "number",
    ...fitNumbers(spec, name, column, rows),
  }),
  features: numberFeatureNames,
  gaps: ({ missing }) => missing === "keep",
  transform: transformNumbers,
  transformLearned: null,
  bag: null,
  writer: (state, first) => {
    const write = numberWriter(state, first);
    return (value, row) => write(value as number, row);
  },
  declared: (state) => ({
    kind: "number",
    ...declaredRange(state),
    ...(state.decimal && { decimal: state.decimal }),
  }),
  understands: (state) => {
    const understood = understandsNumbers(state);
    return (value) => understood(value as number);
  },
  input: ({ name, min, max, description, decimal }) => ({
    name,
    kind: "number",
    required: false,
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
    ...(description === undefined ? {} : { description }),
    ...(decimal === undefined ? {} : { decimal }),
  }),
  raw: (_state, column, rows) => takeNumbers(column, rows),
  borders: numberBorders,
  draw: drawNumber,
  example: ({ median }) => median,
  view: ({ values }) => ({ kind: "number", values }),
};

/** From this number on Float32 has no place for every integer. */
const wholeFloat32 = 2 ** 24;

/** Parses cells to numbers, and tells what was not understood, believed or kept apart. */
export function cleanNumber(
  spec: NumericColumnOptions,
  cells: readonly Cell[],
  { name, state, tell }: CleanContext<NumberFit>,
): NumberColumn {
  const believed = believer(spec);
  let decimal = state?.decimal ?? spec.decimal;
  let read = readCells(cells, name, believed, decimal);
  if (decimal === undefined && state === undefined && read.unread.any) {
    decimal = decimalOf(textsOf(cells));
    if (decimal !== undefined) read = readCells(cells, name, believed, decimal);
  }
  read.unread.tell("unread", tell);
  read.outside.tell("outside", tell);
  tellMerged(read.large, tell);
  return { kind: "numbers", values: read.values, ...(decimal && { decimal }) };
}

function readCells(
  cells: readonly Cell[],
  name: string,
  believed: (value: number) => number,
  decimal: Decimal | undefined,
) {
  const values = sharedFloat32(cells.length);
  const [unread, outside, large] = [new CellTally(), new CellTally(), new Set<number>()];
  /** Texts without a number, and whether they say something else than that there is none. */
  const says = new Map<string, boolean>(missingTexts.map((text) => [text, false]));
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    let value: number;
    if (typeof cell === "number") value = cell;
    else if (typeof cell === "string") value = parseNumber(cell, decimal);
    else if (cell === null || cell === undefined) value = NaN;
    else throw wrongType(cell, name, i, "numbers");
    const single = believed(value);
    values[i] = single;
    if (single >= wholeFloat32 || single <= -wholeFloat32) large.add(value);
    if (single === single) continue;
    if (value === value) outside.add(cell);
    else if (typeof cell === "string") {
      let something = says.get(cell);
      if (something === undefined) {
        something = letterOrDigit.test(cell);
        says.set(cell, something);
      }
      if (something) unread.add(cell);
    }
  }
  return { values, unread, outside, large };
}

/** What a text needs to say something; `_` and `-` say that there is nothing. */
const letterOrDigit = /[\p{L}\d]/u;

function textsOf(cells: readonly Cell[]): Set<string> {
  const texts = new Set<string>();
  for (const cell of cells) {
    if (typeof cell === "string" && !missingTexts.includes(cell)) texts.add(cell);
  }
  return texts;
}

/** Tells how many distinct numbers Float32 made one with another. */
function tellMerged(large: ReadonlySet<number>, tell: CleanContext<NumberFit>["tell"]): void {
  const tally = new CellTally();
  const seen = new Set<number>();
  for (const value of large) {
    const single = Math.fround(value);
    if (seen.has(single)) tally.add(value);
    seen.add(single);
  }
  tally.tell("merged", tell);
}
