/** Which code cleans, fits and transforms each kind of column: the only place that lists them all. */

import type { Cell } from "../../table/mod.ts";
import type { CleanColumn, ListColumn, NumberColumn, TextColumn } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import type { ColumnSpec } from "../spec.ts";
import type { ColumnState } from "../state.ts";
import {
  cleanMultiHot,
  fitMultiHot,
  multiHotFeatures,
  multiHotInput,
  transformMultiHot,
} from "./multi_hot.ts";
import { cleanNumber, fitNumbers, numberFeature, numberInput, transformNumbers } from "./number.ts";
import { cleanOneHot, fitOneHot, oneHotFeature, oneHotInput, transformOneHot } from "./one_hot.ts";
import {
  cleanOrdinal,
  fitOrdinal,
  ordinalFeature,
  ordinalInput,
  transformOrdinal,
} from "./ordinal.ts";
import { cleanYearsAndMonths, parseMonths, yearsAndMonthsInput } from "./years_and_months.ts";

/** Cleans the cells of one column. */
export function cleanColumn(spec: ColumnSpec, name: string, cells: readonly Cell[]): CleanColumn {
  switch (spec.kind) {
    case "number":
      return cleanNumber(spec, name, cells);
    case "yearsAndMonths":
      return cleanYearsAndMonths(spec, name, cells);
    case "ordinal":
      return cleanOrdinal(spec, name, cells);
    case "oneHot":
      return cleanOneHot(spec, name, cells);
    case "multiHot":
      return cleanMultiHot(spec, name, cells);
  }
}

/** Learns one column from the given rows. */
export function fitColumn(
  spec: ColumnSpec,
  name: string,
  column: CleanColumn,
  rows: Int32Array,
): ColumnState {
  switch (spec.kind) {
    case "number":
    case "yearsAndMonths":
      return { kind: spec.kind, ...fitNumbers(spec, name, numbers(column, name), rows) };
    case "ordinal":
      return fitOrdinal(spec, name, texts(column, name), rows);
    case "oneHot":
      return fitOneHot(spec, name, texts(column, name), rows);
    case "multiHot":
      return fitMultiHot(spec, name, lists(column, name), rows);
  }
}

/** Names of the features that a column becomes. */
export function columnFeatures(state: ColumnState): string[] {
  switch (state.kind) {
    case "number":
    case "yearsAndMonths":
    case "ordinal":
      return [state.name];
    case "oneHot":
      return state.categories.map((category) => `${state.name}_${category}`);
    case "multiHot":
      return state.items.map((item) => `${state.name}_${item}`);
  }
}

/** Writes the features of `rows` to `out`, which holds zeros: one feature after the other. */
export function transformColumn(
  state: ColumnState,
  column: CleanColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  switch (state.kind) {
    case "number":
    case "yearsAndMonths":
      return transformNumbers(state, numbers(column, state.name), rows, out);
    case "ordinal":
      return transformOrdinal(state, texts(column, state.name), rows, out);
    case "oneHot":
      return transformOneHot(state, texts(column, state.name), rows, out);
    case "multiHot":
      return transformMultiHot(state, lists(column, state.name), rows, out);
  }
}

/**
 * Writes the features of one raw value to a row that holds zeros, from place
 * `first` on. A missing number is NaN, a missing text the empty one.
 */
export function valueWriter(
  state: ColumnState,
  first: number,
): (value: number | string, row: Float32Array) => void {
  switch (state.kind) {
    case "number": {
      const featureOf = numberFeature(state);
      return (value, row) => row[first] = featureOf(value as number);
    }
    case "yearsAndMonths": {
      const featureOf = numberFeature(state);
      return (value, row) => row[first] = featureOf(parseMonths(value as string));
    }
    case "ordinal": {
      const featureOf = ordinalFeature(state);
      return (value, row) => row[first] = featureOf(value as string);
    }
    case "oneHot": {
      const featureOf = oneHotFeature(state);
      return (value, row) => {
        const feature = featureOf(value as string);
        if (feature >= 0) row[first + feature] = 1;
      };
    }
    case "multiHot": {
      const featuresOf = multiHotFeatures(state);
      return (value, row) => {
        for (const feature of featuresOf(value as string)) row[first + feature]++;
      };
    }
  }
}

/** What a request may send for a column. */
export function columnInput(state: ColumnState): InputField {
  switch (state.kind) {
    case "number":
      return numberInput(state);
    case "yearsAndMonths":
      return yearsAndMonthsInput(state);
    case "ordinal":
      return ordinalInput(state);
    case "oneHot":
      return oneHotInput(state);
    case "multiHot":
      return multiHotInput(state);
  }
}

function numbers(column: CleanColumn, name: string): NumberColumn {
  if (column.kind === "numbers") return column;
  throw mismatch(column, name, "numbers");
}

function texts(column: CleanColumn, name: string): TextColumn {
  if (column.kind === "texts") return column;
  throw mismatch(column, name, "texts");
}

function lists(column: CleanColumn, name: string): ListColumn {
  if (column.kind === "lists") return column;
  throw mismatch(column, name, "lists");
}

function mismatch(column: CleanColumn, name: string, wanted: string): TypeError {
  return new TypeError(
    `Cannot use column "${name}": it was cleaned as ${column.kind}, wanted ${wanted}`,
  );
}
