/** What rows in groups are worth, summed over batches and sketches. */

import type { EffectiveCounts } from "./column_statistics.ts";
import { effectiveCounts, isThere, worthOf } from "./effective_sample_size.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/**
 * Sums what batches of rows and other sketches are worth. Groups of different
 * batches count as different. It keeps what grouping costs, which is nothing for
 * all rows without groups.
 */
export class EffectiveSum {
  #lost: EffectiveCounts = { values: 0, rows: 0, groups: 0 };

  /** Takes rows `from` up to, but without, `to` in. */
  addRows(column: ColumnValues, from: number, to: number, groups: Int32Array | undefined): void {
    if (groups === undefined) return;
    const own = groups.subarray(from, to);
    const part = rowsOf(column, from, to);
    let count = 0;
    for (let i = 0; i < own.length; i++) if (isThere(part, i)) count++;
    this.#lose(count, own.length - count, effectiveCounts(part, own));
  }

  /** Takes all that others saw in. */
  merge(statistics: ColumnStatistics): void {
    this.#lose(statistics.count, statistics.missing, worthOf(statistics));
  }

  /** What so many values are worth, as a field of statistics; none without groups. */
  field(count: number, missing: number): { effective?: EffectiveCounts } {
    const { values, rows, groups } = this.#lost;
    if (groups === 0) return {};
    const all = count + missing;
    return { effective: { values: count - values, rows: all - rows, groups: all - groups } };
  }

  #lose(count: number, missing: number, worth: EffectiveCounts): void {
    const { values, rows, groups } = this.#lost;
    this.#lost = {
      values: values + count - worth.values,
      rows: rows + count + missing - worth.rows,
      groups: groups + count + missing - worth.groups,
    };
  }
}

function rowsOf(column: ColumnValues, from: number, to: number): ColumnValues {
  if (column.kind === "category") {
    return { ...column, codes: Array.prototype.slice.call(column.codes, from, to) };
  }
  if (column.kind === "number") return { ...column, values: column.values.subarray(from, to) };
  if (column.kind === "date") return { ...column, values: column.values.subarray(from, to) };
  return { ...column, values: column.values.slice(from, to) };
}
