/** Features computed from several numeric columns: ratios, differences, products, sums. */

import type { CleanData, NumberColumn } from "./clean_data.ts";
import { cleanedAs, type ColumnSpec, type ColumnState, type NumberState } from "./columns/kinds.ts";
import type { RawValue } from "./columns/kind.ts";
import { numberColumn, numberWriter, transformNumbers } from "./columns/number_features.ts";
import { fitNumbers } from "./columns/number_fit.ts";
import {
  believer,
  numberFault,
  type NumberFit,
  type NumberOptions,
} from "./columns/number_options.ts";

/** What is done with the columns, from the first to the last. */
export type Operation = "ratio" | "difference" | "product" | "sum";

/** A derived column of a feature set; the options are those of a numeric column. */
export interface DerivedSpec extends NumberOptions {
  /** What is done with the columns. */
  readonly operation: Operation;
  /** Names of numeric columns: two, or more for products and sums. */
  readonly of: readonly string[];
}

/** A fitted derived column. */
export interface DerivedState extends NumberFit {
  /** What is done with the columns. */
  readonly operation: Operation;
  /** Names of numeric columns. */
  readonly of: readonly string[];
}

/**
 * The first column divided by the second. A division by zero, and one of or by
 * a missing value, is missing; values count as cleaned, before any imputation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ratio("debt", "income"), { operation: "ratio", of: ["debt", "income"] });
 * ```
 */
export function ratio(above: string, below: string, options: NumberOptions = {}): DerivedSpec {
  return { operation: "ratio", of: [above, below], ...options };
}

/** The first column minus the second; missing if one of them is. */
export function difference(from: string, minus: string, options: NumberOptions = {}): DerivedSpec {
  return { operation: "difference", of: [from, minus], ...options };
}

/** The product of the columns; missing if one of them is. */
export function product(of: readonly string[], options: NumberOptions = {}): DerivedSpec {
  return { operation: "product", of, ...options };
}

/** The sum of the columns; missing if one of them is. */
export function sum(of: readonly string[], options: NumberOptions = {}): DerivedSpec {
  return { operation: "sum", of, ...options };
}

/** Each operation on two numbers; the exported graph computes in Float32 too. */
const operate: { readonly [O in Operation]: (left: number, right: number) => number } = {
  ratio: (left, right) => Math.fround(left / right),
  difference: (left, right) => Math.fround(left - right),
  product: (left, right) => Math.fround(left * right),
  sum: (left, right) => Math.fround(left + right),
};

/** What contradicts itself in a derived column, undefined if nothing does. */
export function derivedFault(
  name: string,
  spec: DerivedSpec,
  columns: Readonly<Record<string, ColumnSpec>>,
): string | undefined {
  const { operation, of } = spec;
  if (Object.hasOwn(columns, name)) return `derived column "${name}" is a raw column too`;
  if (!Object.hasOwn(operate, operation)) {
    return `derived column "${name}" has no operation "${operation}"`;
  }
  const most = operation === "ratio" || operation === "difference" ? 2 : Infinity;
  if (of.length < 2 || of.length > most) {
    const wanted = most === 2 ? "two" : "two or more";
    return `derived column "${name}" is a ${operation} of ${of.length} columns, wanted ${wanted}`;
  }
  const other = of.find((one) => !Object.hasOwn(columns, one) || columns[one].kind !== "number");
  if (other !== undefined) {
    return `derived column "${name}" needs "${other}", which is not declared as a number`;
  }
  return numberFault(spec, `derived column "${name}"`);
}

/** Learns a derived column from `rows`. */
export function fitDerived(
  spec: DerivedSpec,
  name: string,
  data: CleanData,
  rows: Int32Array,
): DerivedState {
  const { operation, of, ...options } = spec;
  return {
    ...fitNumbers(options, name, derivedColumn(spec, data, believer(options)), rows),
    operation,
    of,
  };
}

/** Writes the features of `rows` to `out`. */
export function transformDerived(
  state: DerivedState,
  data: CleanData,
  rows: Int32Array,
  out: Float32Array,
): void {
  transformNumbers(state, derivedColumn(state, data, (value) => value), rows, out);
}

/**
 * Makes what writes the derived features of a row of raw values, from place
 * `first` on.
 */
export function derivedWriter(
  state: DerivedState,
  columns: readonly ColumnState[],
  first: number,
): (values: readonly RawValue[], row: Float32Array) => void {
  const operands = state.of.map((name) => {
    const at = columns.findIndex((column) => column.name === name);
    const { min, max } = columns[at] as NumberState;
    return { at, believed: believer({ min: min ?? undefined, max: max ?? undefined }) };
  });
  const write = numberWriter(state, first);
  const calculate = operate[state.operation];
  return (values, row) => {
    let result = operands[0].believed(values[operands[0].at] as number);
    for (let k = 1; k < operands.length; k++) {
      const { at, believed } = operands[k];
      result = calculate(result, believed(values[at] as number));
    }
    write(result, row);
  };
}

function derivedColumn(
  { operation, of }: Pick<DerivedSpec, "operation" | "of">,
  data: CleanData,
  believed: (value: number) => number,
): NumberColumn {
  const operands = of.map((name) =>
    (cleanedAs(data.columns[name], { kind: "number", name }) as NumberColumn).values
  );
  const calculate = operate[operation];
  return numberColumn(data.rows, (row) => {
    let result = operands[0][row];
    for (let k = 1; k < operands.length; k++) result = calculate(result, operands[k][row]);
    return believed(result);
  });
}
