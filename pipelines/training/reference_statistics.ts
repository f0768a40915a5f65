/** Statistics of each raw column on the training rows, for drift checks later. */

import { categoryStatistics, numericStatistics } from "../../src/drift/mod.ts";
import type { CleanColumn, CleanData, ListColumn } from "../../src/features/mod.ts";

/** Statistics by column: distributions of numbers, counts of texts and of list items. */
export function referenceStatistics({ columns }: CleanData): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, statisticsOf(column)]),
  );
}

function statisticsOf(column: CleanColumn): unknown {
  if (column.kind === "numbers") return numericStatistics(column.values);
  if (column.kind === "texts") return categoryStatistics(column.codes, column.vocabulary);
  return categoryStatistics(itemCodes(column), column.vocabulary);
}

/** The items of all rows one after the other; a row without a list counts as one missing item. */
function itemCodes({ codes, offsets, items }: ListColumn): number[] {
  const all: number[] = [];
  for (const code of codes) {
    if (code < 0) all.push(-1);
    else for (let i = offsets[code]; i < offsets[code + 1]; i++) all.push(items[i]);
  }
  return all;
}
