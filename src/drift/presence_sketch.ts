/** How many values of a column were there, for moments and free texts. */

import { type ColumnSketch, otherKind } from "./column_sketch.ts";
import { EffectiveSum } from "./effective_sum.ts";
import type { ColumnStatistics, ColumnValues, PresenceStatistics } from "./sample.ts";

/** Counts the values that are there and those that are missing. */
export class PresenceSketch implements ColumnSketch {
  /** What the column holds. */
  readonly kind: PresenceStatistics["kind"];
  #count = 0;
  #missing = 0;
  readonly #effective = new EffectiveSum();

  /** Starts empty. */
  constructor(kind: PresenceStatistics["kind"]) {
    this.kind = kind;
  }

  /** Takes rows in; null, NaN and infinities are missing. */
  addRows(column: ColumnValues, from: number, to: number, groups?: Int32Array): void {
    if (column.kind !== this.kind) throw otherKind(this.kind, column.kind);
    this.#effective.addRows(column, from, to, groups);
    for (let row = from; row < to; row++) {
      const there = column.kind === "text"
        ? column.values[row] !== null
        : column.kind === "date" && Number.isFinite(column.values[row]);
      if (there) this.#count++;
      else this.#missing++;
    }
  }

  /** Takes all that others counted in. */
  merge(statistics: ColumnStatistics): void {
    if (statistics.kind !== this.kind) throw otherKind(this.kind, statistics.kind);
    this.#effective.merge(statistics);
    this.#count += statistics.count;
    this.#missing += statistics.missing;
  }

  /** The counts so far. */
  statistics(): PresenceStatistics {
    const [count, missing] = [this.#count, this.#missing];
    return { kind: this.kind, count, missing, ...this.#effective.field(count, missing) };
  }
}
