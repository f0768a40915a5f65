/** Statistics of a numeric column that are kept up to date without its rows. */

import { UsageError } from "../base/mod.ts";
import { type ColumnSketch, otherKind } from "./column_sketch.ts";
import { EffectiveSum } from "./effective_sum.ts";
import { QuantileSketch } from "./quantile_sketch.ts";
import type { NumericStatistics } from "./column_statistics.ts";
import { summaryStatistics } from "./reference_statistics.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/**
 * Takes numbers in one by one, or sketches of others, and tells the same
 * statistics as {@link numericStatistics}: moments and extremes exactly,
 * quantiles and counts within the rank error of {@link QuantileSketch}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const monday = new NumberSketch();
 * for (const value of [1, 2, NaN]) monday.add(value);
 * const week = NumberSketch.from(JSON.parse(JSON.stringify(monday.statistics())));
 * week.add(6);
 * assertEquals([week.statistics().count, week.statistics().mean], [3, 3]);
 * ```
 */
export class NumberSketch implements ColumnSketch {
  #sketch = new QuantileSketch();
  #missing = 0;
  readonly #effective = new EffectiveSum();
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;

  /**
   * Continues from statistics.
   *
   * @throws {UsageError} if an older version wrote them, without a sketch.
   */
  static from(statistics: NumericStatistics): NumberSketch {
    const { count, missing, mean, sd, min, max, sketch } = statistics;
    if (!sketch) {
      throw new UsageError("Cannot continue statistics that have no sketch", {
        next: "train the model again, which writes them",
      });
    }
    const restored = new NumberSketch();
    restored.#sketch = QuantileSketch.from(sketch);
    restored.#missing = missing;
    restored.#mean = mean ?? 0;
    restored.#squares = count < 2 ? 0 : sd! ** 2 * (count - 1);
    restored.#min = min ?? Infinity;
    restored.#max = max ?? -Infinity;
    restored.#effective.merge(statistics);
    return restored;
  }

  /** Takes one number in; NaN and infinities count as missing. */
  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.#missing++;
      return;
    }
    this.#sketch.add(value);
    // Welford's update, which does not lose digits as sums of squares do.
    const apart = value - this.#mean;
    this.#mean += apart / this.#sketch.count;
    this.#squares += apart * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  addRows(column: ColumnValues, from: number, to: number, groups?: Int32Array): void {
    if (column.kind !== "number") throw otherKind("number", column.kind);
    this.#effective.addRows(column, from, to, groups);
    for (let row = from; row < to; row++) this.add(column.values[row]);
  }

  /**
   * Takes all that others saw in.
   *
   * @throws {UsageError} if the statistics have no sketch.
   */
  merge(statistics: ColumnStatistics): void {
    if (statistics.kind !== "number") throw otherKind("number", statistics.kind);
    this.#effective.merge(statistics);
    const other = NumberSketch.from(statistics);
    const [n, m] = [this.#sketch.count, other.#sketch.count];
    this.#missing += other.#missing;
    if (m === 0) return;
    const apart = other.#mean - this.#mean;
    this.#mean += apart * m / (n + m);
    this.#squares += other.#squares + apart * apart * n * m / (n + m);
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#sketch.merge(other.#sketch.toJSON());
  }

  /** The statistics so far, plain JSON from which {@link NumberSketch.from} goes on. */
  statistics(): NumericStatistics {
    const { points, cumulative } = this.#sketch.points();
    const count = this.#sketch.count;
    const moments = {
      count,
      missing: this.#missing,
      mean: this.#mean,
      squares: this.#squares,
      min: this.#min,
      max: this.#max,
    };
    const quantile = (share: number) => {
      if (share === 0) return this.#min;
      if (share === 1) return this.#max;
      return points[cumulative.findIndex((below) => below >= share - 1e-12)];
    };
    const countBetween = (edges: readonly number[]) => {
      const below = edges.map((edge) => Math.round(this.#sketch.rank(edge) * count));
      return [...below, count].map((upTo, i) => upTo - (i === 0 ? 0 : below[i - 1]));
    };
    return {
      ...summaryStatistics(moments, quantile, countBetween, this.#sketch),
      ...this.#effective.field(count, this.#missing),
    };
  }
}
