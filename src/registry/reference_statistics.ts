/** Statistics of each raw column on the training rows, for drift checks later. */

import {
  type CategoryColumn,
  categoryStatistics,
  type ColumnStatistics,
  type NumberColumn,
  numericStatistics,
  valueGroups,
} from "../drift/mod.ts";
import type { CleanColumn, CleanData } from "../features/mod.ts";

/**
 * Statistics by column: distributions of numbers, counts of texts and of list
 * items, and what they are worth where rows come in groups.
 */
export function referenceStatistics(
  { columns, groups }: CleanData,
): Record<string, ColumnStatistics> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, statisticsOf(column, groups)]),
  );
}

function statisticsOf(column: CleanColumn, groups: Int32Array | undefined): ColumnStatistics {
  const sample = columnSample(column);
  const own = valueGroups(sample, groups);
  return sample.kind === "number"
    ? numericStatistics(sample.values, own)
    : categoryStatistics(sample.codes, sample.vocabulary, own);
}

/** A cleaned column as a comparison takes it. */
export function columnSample(column: CleanColumn): NumberColumn | CategoryColumn {
  if (column.kind === "numbers") return { kind: "number", values: column.values };
  const { codes, vocabulary } = column;
  if (column.kind === "texts") return { kind: "category", codes, vocabulary };
  // Each item counts once; no list is one missing item.
  const items: number[] = [];
  const rows: number[] = [];
  codes.forEach((code, row) => {
    const own = code < 0
      ? [-1]
      : column.items.subarray(column.offsets[code], column.offsets[code + 1]);
    for (const item of own) {
      items.push(item);
      rows.push(row);
    }
  });
  return {
    kind: "category",
    codes: Int32Array.from(items),
    vocabulary,
    rows: Int32Array.from(rows),
  };
}
