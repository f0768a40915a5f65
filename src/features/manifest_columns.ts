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

/** Name of the numbers that tell how much of a column's texts a model can make nothing of. */
export function unknownIn(column: string): string {
  return `unknown in ${column}`;
}

/**
 * Cleaned columns as drift is measured on them: dates and patterns as numbers, texts as their words
 * and, as one more column, the share of each that a model can make nothing of.
 *
 * @param state What the model learned; absent if that is not known.
 * @param learned 1 for each row that it learned from, shape [rows]; absent if it did from none.
 */
export function driftViews(
  columns: Readonly<Record<string, ColumnSpec>>,
  data: CleanData,
  state?: FeatureState,
  learned?: Uint8Array,
): Record<string, DriftView> {
  const states = new Map(state?.columns.map((column) => [column.name, column]));
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, spec]): [string, DriftView][] => {
      const cleaned = cleanedAs(data.columns[name], { kind: spec.kind, name });
      const context = { spec, state: states.get(name), learned, groups: data.groups };
      const view = kindOf(spec).view(cleaned, context);
      if (view.kind !== "category" || view.unknown === undefined) return [[name, view]];
      const { unknown: { shares: values, designEffect }, ...words } = view;
      return [[name, words], [unknownIn(name), { kind: "number", values, designEffect }]];
    }),
  );
}
