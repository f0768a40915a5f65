/** What is kept of all columns of a window, or of all that a server has seen. */

import { CategorySketch } from "./category_sketch.ts";
import type { ColumnSketch } from "./column_sketch.ts";
import { valueGroups } from "./effective_sample_size.ts";
import { NumberSketch } from "./number_sketch.ts";
import { PresenceSketch } from "./presence_sketch.ts";
import type { DriftColumnKind } from "./result.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/** Rows of some columns. */
export interface RawSample {
  /** Number of rows. */
  readonly rows: number;
  /** The columns by name. */
  readonly columns: Readonly<Record<string, ColumnValues>>;
  /** Group of each row, from 0 on, shape [rows]; absent if rows are independent. */
  readonly groups?: Int32Array;
}

/** Statistics that stand for rows of some columns; plain JSON. */
export interface SketchedSample {
  /** Number of rows. */
  readonly rows: number;
  /** Statistics of the columns by name. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/**
 * Statistics of all columns, kept up to date by batches of rows or merged from
 * others, in memory that does not grow with the rows. What
 * {@link SampleSketch.sample} gives is plain JSON and one side of a comparison.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sketch = new SampleSketch();
 * sketch.add({ rows: 2, columns: { age: { kind: "number", values: Float64Array.of(31, NaN) } } });
 * sketch.merge(JSON.parse(JSON.stringify(sketch.sample())));
 * assertEquals([sketch.rows, sketch.sample().columns.age.missing], [4, 2]);
 * ```
 */
export class SampleSketch {
  readonly #columns = new Map<string, ColumnSketch>();
  #rows = 0;

  /** Number of rows that went in. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Takes rows `from` up to, but without, `to` of a batch in. Groups of
   * different batches count as different ones.
   *
   * @throws {DataError} if a column held something else before.
   */
  add({ rows, columns, groups }: RawSample, from = 0, to: number = rows): void {
    for (const [name, column] of Object.entries(columns)) {
      const sketch = this.#sketchOf(name, column.kind);
      if (column.kind !== "category" || column.rows === undefined) {
        sketch.addRows(column, from, to, groups);
        continue;
      }
      // Lists have more codes than rows; the items of a row belong together.
      const at = (row: number) => firstAtOrAbove(column.rows!, row);
      sketch.addRows(column, at(from), at(to), valueGroups(column, groups));
    }
    this.#rows += to - from;
  }

  /**
   * Takes all that another sketch saw in.
   *
   * @throws {DataError} if a column held something else before.
   * @throws {UsageError} if an older version wrote it, without a sketch of its numbers.
   */
  merge({ rows, columns }: SketchedSample): void {
    for (const [name, statistics] of Object.entries(columns)) {
      this.#sketchOf(name, statistics.kind).merge(statistics);
    }
    this.#rows += rows;
  }

  /** What was seen so far. */
  sample(): SketchedSample {
    const columns = Object.fromEntries(
      [...this.#columns].map(([name, sketch]) => [name, sketch.statistics()]),
    );
    return { rows: this.#rows, columns };
  }

  #sketchOf(name: string, kind: DriftColumnKind): ColumnSketch {
    const known = this.#columns.get(name) ?? newSketch(kind);
    this.#columns.set(name, known);
    return known;
  }
}

/** Place of the first of rising rows that is at or above `row`. */
function firstAtOrAbove(rows: Int32Array, row: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] >= row) high = middle;
    else low = middle + 1;
  }
  return low;
}

function newSketch(kind: DriftColumnKind): ColumnSketch {
  if (kind === "number") return new NumberSketch();
  return kind === "category" ? new CategorySketch() : new PresenceSketch(kind);
}
