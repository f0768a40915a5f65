/** Numbers in bins: a value belongs to the bin whose lower edge is the last one at or below it. */

import type { Random } from "../../base/mod.ts";
import { quantileSorted } from "../../base/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import type { NumberColumn } from "../clean_data.ts";
import type { CleanContext, RawValue } from "./kind.ts";
import { cleanNumber } from "./number.ts";
import { besideFloat32, understandsNumbers } from "./number_features.ts";
import { presentSorted } from "./number_fit.ts";
import {
  declaredRange,
  largestFloat32,
  numberFault,
  type NumberOptions,
} from "./number_options.ts";
import type { Decimal } from "./written_number.ts";

/** How a numeric column is divided. */
export interface BinOptions extends Pick<NumberOptions, "min" | "max" | "description"> {
  /** Number of bins with as many training rows each, 2 or more; 5 unless `edges` are given. */
  readonly bins?: number;
  /** The borders between bins, rising; a value at a border belongs to the bin above it. */
  readonly edges?: readonly number[];
  /** How numbers are written in text, as for a numeric column. */
  readonly decimal?: Decimal;
}

/** A divided column, and what each bin becomes; every number is exact in Float32. */
export interface Steps {
  /** Name of the raw column. */
  readonly name: string;
  /** What the column means. */
  readonly description?: string;
  /** Smallest value that is believed, null if there is no limit. */
  readonly min: number | null;
  /** Largest value that is believed, null if there is no limit. */
  readonly max: number | null;
  /** The borders between bins, rising; may be none. */
  readonly edges: readonly number[];
  /** How its numbers are written in text; absent if plainly. */
  readonly decimal?: Decimal;
}

/** For each bin, and at last for missing values, its features; null is NaN. */
export type StepTable = readonly (readonly (number | null)[])[];

/** What contradicts itself in the bins, undefined if nothing does. */
export function stepsFault(spec: BinOptions, column: string): string | undefined {
  const { bins, edges } = spec;
  if (bins !== undefined && edges !== undefined) return `${column} has both bins and edges`;
  if (bins !== undefined && (!Number.isInteger(bins) || bins < 2)) {
    return `bins of ${column} are ${bins}, wanted 2 or more`;
  }
  const singles = edges?.map(Math.fround);
  if (singles && !(singles.length > 0 && singles.every((e, i) => i === 0 || e > singles[i - 1]))) {
    return `edges of ${column} must be one or more, rising`;
  }
  return numberFault(spec, column);
}

/** Parses the cells as a numeric column does. */
export function cleanSteps(
  spec: BinOptions,
  cells: readonly Cell[],
  { name, tell, state }: CleanContext<Steps>,
): NumberColumn {
  const { decimal } = state ?? {};
  const given = state && { ...placeholder, name, decimal };
  return cleanNumber(spec, cells, { name, tell, ...(given && { state: given }) });
}

/** Of a numeric state only how numbers are written is read. */
const placeholder = { min: null, max: null, median: 0, lower: null, upper: null };

/** Learns the borders from the values of `rows` that are there. */
export function fitSteps(
  { bins = 5, edges, min, max, description }: BinOptions,
  name: string,
  column: NumberColumn,
  rows: Int32Array,
): Steps {
  const sorted = presentSorted(column, rows, name);
  const found = edges ??
    Array.from({ length: bins - 1 }, (_, k) => quantileSorted(sorted, (k + 1) / bins));
  // Many rows of one value make several borders one; none at the lowest value, below which is no row.
  const rising = [...new Set(found.map(Math.fround))]
    .filter((edge) => edges !== undefined || edge > sorted[0]);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    min: min === undefined ? null : Math.fround(min),
    max: max === undefined ? null : Math.fround(max),
    edges: rising,
    ...(column.decimal && { decimal: column.decimal }),
  };
}

/** From a number to its bin; a missing one gets the number of bins. */
export function binOf({ min, max, edges }: Steps): (value: number) => number {
  const [least, most] = [min ?? -largestFloat32, max ?? largestFloat32];
  return (value) => {
    const single = Math.fround(value);
    if (!(single >= least && single <= most)) return edges.length + 1;
    let bin = 0;
    while (bin < edges.length && single >= edges[bin]) bin++;
    return bin;
  };
}

/** Writes what the bins of `rows` become to `out`. */
export function transformSteps(
  state: Steps,
  table: StepTable,
  { values }: NumberColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const bin = binOf(state);
  for (let i = 0; i < rows.length; i++) {
    const features = table[bin(values[rows[i]])];
    for (let k = 0; k < features.length; k++) out[k * rows.length + i] = features[k] ?? NaN;
  }
}

/** Writes what a number's bin becomes to a row, from place `first` on. */
export function stepWriter(
  state: Steps,
  table: StepTable,
  first: number,
): (value: RawValue, row: Float32Array) => void {
  const bin = binOf(state);
  return (value, row) => {
    const features = table[bin(value as number)];
    for (let k = 0; k < features.length; k++) row[first + k] = features[k] ?? NaN;
  };
}

/** Numbers that the column tells apart, each with its neighbours in Float32. */
export function stepBorders({ min, max, edges }: Steps): number[] {
  const borders = [min, max, ...edges].filter((value) => value !== null);
  return [
    ...new Set([
      ...[NaN, Infinity, -Infinity, 0],
      ...borders.flatMap((value) => [value, besideFloat32(value, 1), besideFloat32(value, -1)]),
    ]),
  ];
}

/** A number in one of the bins. */
export function drawStep({ edges, min, max }: Steps, random: Random): number {
  const low = edges[0] ?? min ?? 0;
  const high = edges.at(-1) ?? max ?? low;
  const margin = Math.max((high - low) / 4, 1);
  return Math.fround(random.uniform(low - margin, high + margin));
}

/** A declaration that cleans cells as they were cleaned for these bins. */
export function declaredSteps(state: Steps): BinOptions {
  const { edges, decimal } = state;
  return {
    ...declaredRange(state),
    ...(edges.length > 0 && { edges }),
    ...(decimal && { decimal }),
  };
}

/** Whether a number is missing or believed. */
export function understandsSteps(state: Steps): (value: RawValue) => boolean {
  const understood = understandsNumbers(state);
  return (value) => understood(value as number);
}

/** What a request may send. */
export function stepInput({ name, min, max, description, decimal }: Steps) {
  return {
    name,
    kind: "number" as const,
    required: false as const,
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
    ...(description === undefined ? {} : { description }),
    ...(decimal === undefined ? {} : { decimal }),
  };
}
