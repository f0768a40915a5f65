/** Statistics of each raw column on the training rows, for drift checks later. */

import {
  categoryStatistics,
  type ColumnStatistics,
  numericStatistics,
  valueGroups,
} from "../../src/drift/mod.ts";
import type { CleanColumn, CleanData } from "../../src/features/mod.ts";
import { columnSample } from "../../src/monitoring/mod.ts";

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
