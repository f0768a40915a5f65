/** Numbers as the number of their bin, or one 0/1 feature for each bin. */

import type { NumberColumn } from "../clean_data.ts";
import type { ColumnKind, SpecOfKind, StateOfKind } from "./kind.ts";
import { takeNumbers } from "./number_features.ts";
import {
  type BinOptions,
  cleanSteps,
  declaredSteps,
  drawStep,
  fitSteps,
  stepBorders,
  stepInput,
  type Steps,
  stepsFault,
  type StepTable,
  stepWriter,
  transformSteps,
  understandsSteps,
} from "./steps.ts";

/** What may be said about a column of bins. */
export interface BinnedOptions extends BinOptions {
  /** One feature with the bin's number from 0 on, which is so unless it is set, or one for each bin. */
  readonly encode?: "ordinal" | "oneHot";
}

/** A column of bins. */
export interface BinnedSpec extends BinnedOptions, SpecOfKind<"binned"> {}

/** A fitted column of bins. */
export interface BinnedState extends Steps, StateOfKind<"binned"> {
  /** One feature with the bin's number, or one for each bin. */
  readonly encode: "ordinal" | "oneHot";
}

/**
 * A numeric column in bins of as many training rows each, or between given
 * edges. Missing values are NaN in `ordinal`, a feature `<name>_missing` in
 * `oneHot`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(binned({ edges: [18, 65] }), { kind: "binned", edges: [18, 65] });
 * ```
 */
export function binned(options: BinnedOptions = {}): BinnedSpec {
  return { kind: "binned", ...options };
}

/** Columns of bins. */
export const binnedKind: ColumnKind<BinnedSpec, BinnedState, NumberColumn> = {
  form: "numbers",
  categorical: false,
  check: stepsFault,
  clean: cleanSteps,
  fit: ({ encode = "ordinal", ...spec }, column, { name, rows }) => ({
    kind: "binned",
    ...fitSteps(spec, name, column, rows),
    encode,
  }),
  features: ({ name, encode, edges }) =>
    encode === "ordinal" ? [name] : [
      ...[0, ...edges].map((_, bin) => `${name}_bin${bin + 1}`),
      `${name}_missing`,
    ],
  gaps: ({ encode }) => encode === "ordinal",
  transform: (state, column, rows, out) =>
    transformSteps(state, binnedTable(state), column, rows, out),
  transformLearned: null,
  bag: null,
  writer: (state, first) => stepWriter(state, binnedTable(state), first),
  declared: (state) => ({ kind: "binned", ...declaredSteps(state) }),
  understands: understandsSteps,
  input: stepInput,
  raw: (_state, column, rows) => takeNumbers(column, rows),
  borders: stepBorders,
  draw: drawStep,
  example: ({ edges, min, max }) => edges[0] ?? min ?? max ?? 0,
  view: ({ values }) => ({ kind: "number", values }),
};

/** What each bin becomes. */
export function binnedTable({ encode, edges }: BinnedState): StepTable {
  const places = Array.from({ length: edges.length + 2 }, (_, bin) => bin);
  return places.map((bin) =>
    encode === "ordinal"
      ? [bin > edges.length ? null : bin]
      : places.map((other) => Number(other === bin))
  );
}
