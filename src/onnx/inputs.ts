/** What an exported model is fed to predict cleaned rows. */

import {
  type CleanColumn,
  type CleanData,
  type ColumnState,
  type FeatureState,
  formatMonths,
  type MultiHotState,
  piecesOf,
} from "../features/mod.ts";
import type { ModelColumns } from "./session.ts";

/**
 * The inputs of an exported model for cleaned rows, as it was cleaned and
 * filled: numbers with NaN for missing; durations written again from their
 * months; categories as they were read; lists joined from their items. Missing
 * text is the empty text.
 *
 * @param rows Rows to feed; all rows where it is left out.
 */
export function onnxInputs(state: FeatureState, data: CleanData, rows?: Int32Array): ModelColumns {
  const picked = rows ?? Int32Array.from({ length: data.rows }, (_, row) => row);
  return Object.fromEntries(
    state.columns.map((column) => [column.name, feed(column, data.columns[column.name], picked)]),
  );
}

function feed(state: ColumnState, column: CleanColumn, rows: Int32Array): Float32Array | string[] {
  switch (column.kind) {
    case "numbers": {
      const values = Float32Array.from(rows, (row) => column.values[row]);
      return state.kind === "yearsAndMonths" ? Array.from(values, formatMonths) : values;
    }
    case "texts":
      return codesToTexts(column.codes, column.vocabulary, rows);
    case "lists": {
      const { separator, missing } = state as MultiHotState;
      // An item that starts with "and " is not read back from itself alone.
      const pieces = column.vocabulary.map((item) => piecesOf(item, missing)[0]);
      const lists = Array.from({ length: column.offsets.length - 1 }, (_, list) => {
        const items = column.items.subarray(column.offsets[list], column.offsets[list + 1]);
        return Array.from(items, (item) => pieces[item]).join(separator);
      });
      return codesToTexts(column.codes, lists, rows);
    }
  }
}

function codesToTexts(codes: Int32Array, texts: readonly string[], rows: Int32Array): string[] {
  return Array.from(rows, (row) => codes[row] < 0 ? "" : texts[codes[row]]);
}
