/** Durations written as "22 Years and 1 Months", as a number of months. */

import type { Cell } from "../../table/mod.ts";
import { type NumberColumn, sharedFloat32 } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import { featureTextOf } from "../missing.ts";
import { believable, type NumberFit, type NumberOptions } from "./number.ts";

/** A column of durations; `min` and `max` are in months. */
export interface YearsAndMonthsSpec extends NumberOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "yearsAndMonths";
}

/** A fitted column of durations; all numbers are months. */
export interface YearsAndMonthsState extends NumberFit {
  /** Tells the kinds of columns apart. */
  readonly kind: "yearsAndMonths";
}

/**
 * The one format, in the syntax that JavaScript and RE2 (ONNX Runtime) share.
 * Months end at 11, so that every number of months has one text.
 */
export const durationPattern = "[0-9]{1,3} Years? and ([0-9]|1[01]) Months?";

const duration = new RegExp(`^${durationPattern}$`);

/**
 * A column of durations such as `22 Years and 1 Months`, which becomes 265
 * months. Any other text is missing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(yearsAndMonths({ max: 600 }), { kind: "yearsAndMonths", max: 600 });
 * ```
 */
export function yearsAndMonths(options: NumberOptions = {}): YearsAndMonthsSpec {
  return { kind: "yearsAndMonths", ...options };
}

/**
 * The months that `text` tells, NaN where it has another form.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseMonths("22 Years and 1 Months"), 265);
 * assertEquals(parseMonths("22 years"), NaN);
 * ```
 */
export function parseMonths(text: string): number {
  if (!duration.test(text)) return NaN;
  const words = text.split(" ");
  return Number(words[0]) * 12 + Number(words[3]);
}

/** The text of a number of months, empty for NaN: the inverse of {@linkcode parseMonths}. */
export function formatMonths(months: number): string {
  if (Number.isNaN(months)) return "";
  return `${Math.floor(months / 12)} Years and ${months % 12} Months`;
}

/** Parses the cells of a column of durations. */
export function cleanYearsAndMonths(
  spec: YearsAndMonthsSpec,
  name: string,
  cells: readonly Cell[],
): NumberColumn {
  const values = sharedFloat32(cells.length);
  const seen = new Map<string, number>();
  for (let i = 0; i < cells.length; i++) {
    const text = featureTextOf(cells[i], name, i);
    let months = seen.get(text);
    if (months === undefined) {
      months = believable(parseMonths(text), spec);
      seen.set(text, months);
    }
    values[i] = months;
  }
  return { kind: "numbers", values };
}

/** What a request may send for a column of durations. */
export function yearsAndMonthsInput({ name, description }: NumberFit): InputField {
  return {
    name,
    kind: "text",
    required: false,
    description: [description, 'written as "22 Years and 1 Months"'].filter(Boolean).join(", "),
  };
}
