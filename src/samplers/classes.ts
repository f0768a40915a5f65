/** Which classes a sampler fills up, and whether it can. */

import { DataError, UsageError } from "../base/mod.ts";
import { column } from "../dataset/mod.ts";
import type { Labelled } from "./contract.ts";

/** A class with fewer rows than the largest. */
export interface Minority {
  readonly label: number;
  /** Its rows, rising. */
  readonly rows: Int32Array;
  /** Rows it lacks to be as large as the largest class. */
  readonly missing: number;
}

/**
 * The classes that have fewer rows than the largest one, by rising label;
 * classes without rows are left out.
 *
 * Source: imbalanced-learn `sampling_strategy="auto"` of over-samplers.
 */
export function minorities(y: Int32Array): Minority[] {
  const rowsOf = new Map<number, number[]>();
  y.forEach((label, row) => {
    const rows = rowsOf.get(label);
    if (rows) rows.push(row);
    else rowsOf.set(label, [row]);
  });
  const largest = Math.max(0, ...[...rowsOf.values()].map((rows) => rows.length));
  return [...rowsOf]
    .map(([label, rows]) => ({
      label,
      rows: Int32Array.from(rows),
      missing: largest - rows.length,
    }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => a.label - b.label);
}

/** How many rows each class has, for classes with rows, by rising label. */
export function classSizes(y: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const label of y) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return new Map([...sizes].sort(([a], [b]) => a - b));
}

/**
 * The class with the fewest rows, of equally small ones the first: the one that
 * under-samplers leave whole. −1 if there are no rows.
 *
 * Source: imbalanced-learn `sampling_strategy="auto"` of under-samplers.
 */
export function minorityOf(y: Int32Array): number {
  let smallest = -1;
  let fewest = Infinity;
  for (const [label, rows] of classSizes(y)) {
    if (rows < fewest) [smallest, fewest] = [label, rows];
  }
  return smallest;
}

/**
 * Checks a number of neighbours that a sampler is asked to look at.
 *
 * @throws {UsageError} if it is not a whole number of 1 or more.
 */
export function checkNeighbourCount(k: number, sampler: string): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw new UsageError(`Cannot use ${sampler} with ${k} neighbours`, {
    next: "give a whole number of 1 or more",
  });
}

/**
 * Checks that distances between rows mean something: no column holds codes of
 * categories, no value is missing.
 *
 * @throws {DataError} if one does; names the column.
 */
export function checkDistances(data: Labelled, sampler: string): void {
  const [coded] = data.categorical ?? [];
  if (coded !== undefined) {
    throw new DataError(
      `Cannot sample with ${sampler}: column ${
        data.columnNames?.[coded] ?? coded
      } holds codes of ` +
        "categories, between which nothing lies",
      { next: "use smoteNc, or a sampler without distances, as Over or Baseline" },
    );
  }
  checkFinite(data, sampler);
}

/**
 * Checks that no value is missing.
 *
 * @throws {DataError} if a value is missing or infinite; names the column.
 */
export function checkFinite({ X, columnNames }: Labelled, sampler: string): void {
  for (let j = 0; j < X.columns; j++) {
    const row = column(X, j).findIndex((value) => !Number.isFinite(value));
    if (row < 0) continue;
    const value = column(X, j)[row];
    const found = Number.isNaN(value) ? "a missing value" : `the value ${value}`;
    throw new DataError(
      `Cannot sample with ${sampler}: column ${columnNames?.[j] ?? j} has ${found} in row ${row}`,
      { next: "impute the column, or use a sampler without distances, as Over or Baseline" },
    );
  }
}

/**
 * Checks that a class is large enough for each of its rows to have `k` others
 * near it.
 *
 * @throws {DataError} if it is not; names the class, its rows and the ways out.
 */
export function checkClassSize(
  { label, rows }: Minority,
  k: number,
  sampler: string,
  { classNames }: Labelled,
): void {
  if (rows.length > k) return;
  throw new DataError(
    `Cannot sample class ${classNames?.[label] ?? label} with ${sampler}: it has ${
      countedRows(rows.length)
    }, ${k} neighbours of each need at least ${k + 1}`,
    {
      next: rows.length === 1
        ? "a single row has no other of its class to be joined with: add rows of that class, " +
          "merge it with another class or use the sampler Over, which copies it"
        : "add rows of that class, ask for fewer neighbours or use the sampler Over",
    },
  );
}

/** A number of rows in words. */
export function countedRows(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
