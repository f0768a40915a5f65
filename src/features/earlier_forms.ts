/** Feature sets and states of files that earlier versions wrote, brought to today's form. */

import type { TextPattern } from "./columns/text_pattern.ts";
import type { FeatureSet } from "./spec.ts";
import type { FeatureState } from "./state.ts";

/** A spec or a state of any version. */
interface Written {
  readonly kind: string;
}

/** The one form of texts that there was before patterns could be declared. */
const yearsAndMonths: TextPattern = {
  format: "{} Year[s] and {} Month[s]",
  parts: [{ weight: 12, digits: "[0-9]{1,3}" }, { weight: 1, digits: "([0-9]|1[01])" }],
  example: "22 Years and 1 Months",
};

const upgrades: Readonly<Record<string, (column: Written) => object>> = {
  yearsAndMonths: (column) => ({ ...column, kind: "pattern", ...yearsAndMonths }),
  // The word before the last item was always "and".
  multiHot: (column) => ({ conjunction: "and", ...column }),
};

function upgraded<Column extends Written>(column: Column): Column {
  return Object.hasOwn(upgrades, column.kind) ? upgrades[column.kind](column) as Column : column;
}

/** A state as it was written by this version or an earlier one, in today's form. */
export function currentState(state: FeatureState): FeatureState {
  // Whoever uses a state that is none says so; a file is read whatever it holds here.
  if (!Array.isArray(state.columns)) return state;
  return { ...state, columns: state.columns.map(upgraded) };
}

/** A feature set as it was written by this version or an earlier one, in today's form. */
export function currentFeatureSet(set: FeatureSet): FeatureSet {
  if (typeof set.columns !== "object" || set.columns === null) return set;
  const columns = Object.entries(set.columns).map(([name, spec]) => [name, upgraded(spec)]);
  return { ...set, columns: Object.fromEntries(columns) };
}
