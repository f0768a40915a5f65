/** Cleaned rows as a comparison takes them. */

import type { DriftSample } from "../../src/drift/mod.ts";
import type { CleanData } from "../../src/features/mod.ts";
import { columnSample } from "../../src/registry/mod.ts";

/** All columns of cleaned rows. */
export function driftSample({ rows, columns, groups }: CleanData): DriftSample {
  const samples = Object.entries(columns).map(([name, column]) => [name, columnSample(column)]);
  return { rows, columns: Object.fromEntries(samples), groups };
}
