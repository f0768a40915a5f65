/** Cleaned rows as a comparison takes them. */

import type { CategoryColumn, DriftSample, NumberColumn } from "../drift/mod.ts";
import type { CleanColumn, CleanData } from "../features/mod.ts";

/** All columns of cleaned rows. */
export function driftSample({ rows, columns, groups }: CleanData): DriftSample {
  const samples = Object.entries(columns).map(([name, column]) => [name, columnSample(column)]);
  return { rows, columns: Object.fromEntries(samples), groups };
}

/** A cleaned column. */
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
