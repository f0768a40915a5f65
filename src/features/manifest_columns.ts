/** What a model's fitted columns tell others: how they are cleaned, watched and understood. */

import type { CleanData } from "./clean_data.ts";
import { cleanedAs, type ColumnSpec, kindOf } from "./columns/kinds.ts";
import type { DriftView } from "./columns/kind.ts";
import type { FeatureState } from "./state.ts";

/**
 * Declarations that clean raw cells as they were cleaned for this state, for
 * models whose own declaration is not known.
 */
export function columnsOfState({ columns }: FeatureState): Record<string, ColumnSpec> {
  return Object.fromEntries(
    columns.map((column) => [column.name, kindOf(column).declared(column)]),
  );
}

/** Cleaned columns as drift is measured on them: dates and patterns as numbers. */
export function driftViews(
  columns: Readonly<Record<string, ColumnSpec>>,
  data: CleanData,
): Record<string, DriftView> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { kind }]) => {
      const cleaned = cleanedAs(data.columns[name], { kind, name });
      return [name, kindOf({ kind }).view(cleaned)];
    }),
  );
}
