/** What an exported model is fed to predict cleaned rows. */

import { type CleanData, cleanedAs, type FeatureState, kindOf } from "../features/mod.ts";
import type { ModelColumns } from "./runtime.ts";

/**
 * The inputs of an exported model for cleaned rows, as it was cleaned and
 * filled: numbers with NaN for missing; texts in a form that is read as what
 * they were cleaned to. Missing text is the empty text.
 *
 * @param rows Rows to feed; all rows where it is left out.
 */
export function onnxInputs(state: FeatureState, data: CleanData, rows?: Int32Array): ModelColumns {
  const picked = rows ?? Int32Array.from({ length: data.rows }, (_, row) => row);
  return Object.fromEntries(
    state.columns.map((column) => {
      const cleaned = cleanedAs(data.columns[column.name], column);
      return [column.name, kindOf(column).raw(column, cleaned, picked)];
    }),
  );
}
