/** Categories as what the target was on average where they occurred, drawn to the overall average. */

import { DataError } from "../../base/mod.ts";
import type { TextColumn } from "../clean_data.ts";
import type { FitTarget } from "../fit_target.ts";
import type { ColumnKind, FitContext, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import { eachFold, type FoldOptions, foldsFault } from "./out_of_fold.ts";
import {
  type CodedTexts,
  codeTexts,
  hasCodes,
  knownTexts,
  missingOf,
  type TextOptions,
} from "./text.ts";
import { numberOfText, type TextNumbers, textNumbers, textWriter } from "./text_numbers.ts";

/** What may be said about a column that is encoded by the target. */
export interface TargetEncodingOptions extends TextOptions, FoldOptions {
  /**
   * Rows of the overall average that are added to each category; 10 unless it
   * is set. 0 takes each category's own average.
   */
  readonly smoothing?: number;
}

/** A column that is encoded by the target. */
export interface TargetEncodingSpec extends TargetEncodingOptions, SpecOfKind<"targetEncoding"> {}

/** A fitted column that is encoded by the target. */
export interface TargetEncodingState extends StateOfKind<"targetEncoding">, CodedTexts {
  /** The categories seen, sorted. */
  readonly categories: readonly string[];
  /** One feature for numbers and two classes, else one for each class. */
  readonly encodings: readonly {
    /** What follows the column's name, as `_Good`; empty for one feature. */
    readonly suffix: string;
    /** Average of each category, shape [categories]. */
    readonly means: readonly number[];
    /** Average where the value is missing. */
    readonly missing: number;
    /** Average over all, which unknown categories get. */
    readonly overall: number;
  }[];
}

/**
 * A column of categories, encoded by the target: for each category (and for
 * missing values) `(sum + smoothing · overall) / (rows + smoothing)`, where sum
 * is that of the target, of 0 and 1 for a class. As scikit-learn's
 * `TargetEncoder` with `smooth`. Rows that a learner is fitted to are encoded by
 * the rows of other folds, groups kept together: give them by `fitTransform`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(targetEncoding({ smoothing: 5 }), { kind: "targetEncoding", smoothing: 5 });
 * ```
 */
export function targetEncoding(options: TargetEncodingOptions = {}): TargetEncodingSpec {
  return { kind: "targetEncoding", ...options };
}

/** Columns that are encoded by the target. */
export const targetEncodingKind: ColumnKind<TargetEncodingSpec, TargetEncodingState, TextColumn> = {
  ...knownTexts,
  form: "texts",
  categorical: false,
  check(spec, column) {
    const { smoothing = 10 } = spec;
    if (!(smoothing >= 0 && smoothing < Infinity)) {
      return `smoothing of ${column} is ${smoothing}, wanted 0 or more`;
    }
    return foldsFault(spec, column);
  },
  clean: (spec, cells, context) => codeTexts(cells, context, { missing: missingOf(spec) }),
  fit(spec, column, context) {
    const { codes, vocabulary } = column;
    const seen = new Set(Array.from(context.rows, (row) => codes[row]));
    const categories = vocabulary.filter((_, code) => seen.has(code)).sort();
    if (categories.length === 0) throw nothingToLearn(context.name, context.rows.length);
    const missing = missingOf(spec);
    return {
      kind: "targetEncoding",
      name: context.name,
      ...(spec.description === undefined ? {} : { description: spec.description }),
      missing,
      categories,
      encodings: learn(spec, column, categories, context, context.rows),
      ...(hasCodes([...categories, ...missing]) && { codes: true }),
    };
  },
  features: ({ name, encodings }) => encodings.map(({ suffix }) => name + suffix),
  gaps: () => false,
  transform: write,
  transformLearned(spec, state, column, context, out) {
    const { rows } = context;
    eachFold(context, spec, (learned, places) => {
      const encodings = learn(spec, column, state.categories, context, learned);
      const part = new Float32Array(places.length * encodings.length);
      write({ ...state, encodings }, column, places.map((at) => rows[at]), part);
      encodings.forEach((_, k) =>
        places.forEach((at, i) => out[k * rows.length + at] = part[k * places.length + i])
      );
    });
  },
  bag: null,
  writer: (state, first) => textWriter(targetNumbers(state), first),
  declared: ({ missing }) => ({ kind: "targetEncoding", missing }),
  example: ({ categories }) => categories[0],
};

/** From texts to averages, one table for each feature. */
export function targetNumbers(state: TargetEncodingState): TextNumbers[] {
  return state.encodings.map(({ means, missing, overall }) =>
    textNumbers(
      state.categories.map((text, k) => [text, means[k]] as const),
      { texts: state.missing, value: missing },
      overall,
      state.codes,
    )
  );
}

function write(
  state: TargetEncodingState,
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  targetNumbers(state).forEach((table, k) => {
    const numbers = Float32Array.from(vocabulary, numberOfText(table));
    const { missing } = state.encodings[k];
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]];
      out[k * rows.length + i] = code < 0 ? missing : numbers[code];
    }
  });
}

/** Averages over `rows`. */
function learn(
  { smoothing = 10 }: TargetEncodingSpec,
  { codes, vocabulary }: TextColumn,
  categories: readonly string[],
  { target, name }: FitContext,
  rows: Int32Array,
): TargetEncodingState["encodings"] {
  return targetsOf(target, name).map(({ suffix, valueOf }) => {
    const sums = new Float64Array(vocabulary.length + 1);
    const counts = new Float64Array(vocabulary.length + 1);
    let sum = 0;
    for (const row of rows) {
      const value = valueOf(row);
      // The last place is for missing values.
      const at = codes[row] < 0 ? vocabulary.length : codes[row];
      sums[at] += value;
      counts[at]++;
      sum += value;
    }
    const overall = rows.length === 0 ? 0 : sum / rows.length;
    const meanOf = (at: number) =>
      counts[at] === 0
        ? Math.fround(overall)
        : Math.fround((sums[at] + smoothing * overall) / (counts[at] + smoothing));
    const placeOf = new Map(vocabulary.map((text, code) => [text, code]));
    return {
      suffix,
      means: categories.map((text) => meanOf(placeOf.get(text)!)),
      missing: meanOf(vocabulary.length),
      overall: Math.fround(overall),
    };
  });
}

/** What is averaged: the number, or whether it is a class. */
function targetsOf(target: FitTarget | undefined, name: string) {
  if (target === undefined) {
    throw new DataError(
      `Cannot fit column "${name}": its encoding learns from the target, which the data do not have`,
      { next: 'clean the table with { target: "required" }' },
    );
  }
  if (target.kind === "values") {
    const { values } = target;
    return [{ suffix: "", valueOf: (row: number) => values[row] }];
  }
  const { labels, classes } = target;
  const isClass = (label: number) => (row: number) => Number(labels[row] === label);
  if (classes.length === 2) return [{ suffix: "", valueOf: isClass(1) }];
  return classes.map((text, label) => ({ suffix: `_${text}`, valueOf: isClass(label) }));
}
