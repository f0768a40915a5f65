/** Cleaned rows as a comparison takes them. */

import type { ColumnSample, DriftSample } from "../../src/drift/mod.ts";
import type { CleanColumn, CleanData } from "../../src/features/mod.ts";

/** All columns of cleaned rows. */
export function driftSample({ rows, columns }: CleanData): DriftSample {
  const samples = Object.entries(columns).map(([name, column]) => [name, columnSample(column)]);
  return { rows, columns: Object.fromEntries(samples) };
}

/** A cleaned column. */
export function columnSample(column: CleanColumn): ColumnSample {
  if (column.kind === "numbers") return { kind: "number", values: column.values };
  const { codes, vocabulary } = column;
  if (column.kind === "texts") return { kind: "category", codes, vocabulary };
  // Each item counts once, as in the statistics of the training rows; no list is one missing item.
  const items: number[] = [];
  for (const code of codes) {
    if (code < 0) items.push(-1);
    else items.push(...column.items.subarray(column.offsets[code], column.offsets[code + 1]));
  }
  return { kind: "category", codes: Int32Array.from(items), vocabulary };
}
