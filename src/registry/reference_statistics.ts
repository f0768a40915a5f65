/** Cleaned rows as drift is measured on them, and the statistics that are kept of them. */

import {
  type CategorySample,
  categoryStatistics,
  type ColumnStatistics,
  type DriftSample,
  type NumberSample,
  numericStatistics,
  valueGroups,
} from "../drift/mod.ts";
import {
  type CleanData,
  driftViews,
  type FeatureSet,
  type FeatureState,
  rowsByWeight,
  takeCells,
} from "../features/mod.ts";

/** A sample of cleaned rows: numbers and categories, each column as its kind shows itself. */
export interface CleanSample extends DriftSample {
  /** The columns by name. */
  readonly columns: Readonly<Record<string, NumberSample | CategorySample>>;
}

/**
 * All columns of cleaned rows, as a comparison takes them.
 *
 * @param set What they were cleaned by.
 * @param state What the model learned, from other rows; absent if that is not known.
 */
export function driftSample(
  set: Pick<FeatureSet, "columns">,
  data: CleanData,
  state?: FeatureState,
): CleanSample {
  return { rows: data.rows, columns: driftViews(set.columns, data, state), groups: data.groups };
}

/**
 * Statistics by column of cleaned rows, for comparisons later: distributions of
 * numbers, counts of texts and of list items, and what they are worth where
 * rows come in groups. Rows that have weights count as much as these say.
 *
 * @param set What they were cleaned by.
 * @param fitted What the model learned, and from which of the rows; absent if that is not known.
 */
export function referenceStatistics(
  set: Pick<FeatureSet, "columns">,
  data: CleanData,
  fitted?: { readonly state: FeatureState; readonly rows: Int32Array },
): Record<string, ColumnStatistics> {
  const learned = new Uint8Array(data.rows);
  for (const row of fitted?.rows ?? []) learned[row] = 1;
  const rows = data.weights && rowsByWeight(data.weights);
  const { groups, ...counted } = rows === undefined ? data : takenRows(data, rows);
  const columns: CleanSample["columns"] = driftViews(
    set.columns,
    { ...counted, groups },
    fitted?.state,
    rows === undefined ? learned : Uint8Array.from(rows, (row) => learned[row]),
  );
  const statistics = Object.entries(columns).map(([name, sample]) => {
    const own = valueGroups(sample, groups);
    return [
      name,
      sample.kind === "number"
        ? numericStatistics(sample.values, own, sample.designEffect)
        : categoryStatistics(sample.codes, sample.vocabulary, own),
    ];
  });
  return Object.fromEntries(statistics);
}

/** Rows as often as they are taken; what is there twice is of one group, so that it counts once. */
function takenRows(data: CleanData, rows: Int32Array): CleanData {
  const columns = Object.entries(data.columns).map((
    [name, column],
  ) => [name, takeCells(column, rows)]);
  const groups = new Int32Array(new SharedArrayBuffer(4 * rows.length));
  groups.set(data.groups ? rows.map((row) => data.groups![row]) : rows);
  return { ...data, columns: Object.fromEntries(columns), groups };
}
