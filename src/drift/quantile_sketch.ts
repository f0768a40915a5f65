/** A small, mergeable summary of any number of values that tells ranks and quantiles. */

import { deriveSeed } from "../base/mod.ts";

/** A sketch as plain JSON. */
export interface QuantileSketchState {
  /** Capacity of the highest level: more of it is more exact. */
  readonly k: number;
  /** Number of values that went in. */
  readonly count: number;
  /** Kept values; one of level i stands for 2^i values. */
  readonly levels: readonly (readonly number[])[];
}

/** A level below the highest holds this share of the one above. */
const SHRINKAGE = 2 / 3;
const LEAST_CAPACITY = 8;
/** Up to so many values are sorted in place: calling the engine's sort would take longer. */
const FEW = 48;

/**
 * The KLL sketch: levels of values, each standing for twice as many as one of
 * the level below. A full level is sorted, and every other value moves up, the
 * odd or the even ones by a coin that is derived from the data, so that the
 * same values give the same sketch.
 *
 * The rank of any one value is off by less than {@link QuantileSketch.error}
 * with a probability of 99 %, however many values went in and however often
 * sketches were merged; up to k values it is exact.
 *
 * Source: Karnin, Lang and Liberty, 2016, "Optimal quantile approximation in
 * streams"; the constant of the error is Apache DataSketches'.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const sketch = new QuantileSketch();
 * for (let i = 0; i < 100_000; i++) sketch.add((i * 7919) % 100_000);
 * assertAlmostEquals(sketch.rank(25_000), 0.25, 0.0133);
 * ```
 */
export class QuantileSketch {
  /** Capacity of the highest level. */
  readonly k: number;
  #count = 0;
  #levels: number[][] = [[]];
  #held = 0;
  #room = 0;
  #capacities: number[] = [];
  /** Room to sort a level in. */
  #sorted = new Float64Array(256);

  /** Starts empty; `k` of 200 gives a rank error of 1.33 % in some 600 numbers. */
  constructor(k = 200) {
    this.k = k;
    this.#measure();
  }

  /** Continues a sketch that was saved. */
  static from({ k, count, levels }: QuantileSketchState): QuantileSketch {
    const sketch = new QuantileSketch(k);
    sketch.#count = count;
    sketch.#levels = levels.map((level) => [...level]);
    sketch.#measure();
    return sketch;
  }

  /** Number of values that went in. */
  get count(): number {
    return this.#count;
  }

  /** How far a rank may be off, as a share of the count. */
  get error(): number {
    return this.#levels.length === 1 ? 0 : 2.296 / this.k ** 0.9723;
  }

  /** Takes one finite number in. */
  add(value: number): void {
    this.#levels[0].push(value);
    this.#count++;
    if (++this.#held > this.#room) this.#compact();
  }

  /**
   * Takes all of another sketch in.
   *
   * @throws {RangeError} if the other has another capacity, and so another error.
   */
  merge(other: QuantileSketchState): void {
    if (other.k !== this.k) {
      throw new RangeError(`Cannot merge a sketch with a k of ${other.k} into one of ${this.k}`);
    }
    other.levels.forEach((level, i) => {
      (this.#levels[i] ??= []).push(...level);
    });
    this.#count += other.count;
    this.#measure();
    while (this.#held > this.#room) this.#compact();
  }

  /** Share of the values at or below `value`; NaN if nothing went in. */
  rank(value: number): number {
    let below = 0;
    this.#levels.forEach((level, i) => {
      for (const kept of level) if (kept <= value) below += 2 ** i;
    });
    return below / this.#count;
  }

  /** The kept values in rising order, and the share of values up to and with each of them. */
  points(): { points: Float64Array; cumulative: Float64Array; error: number } {
    const kept = this.#levels.flatMap((level, i) =>
      level.map((value): [number, number] => [value, 2 ** i])
    ).sort(([a], [b]) => a - b);
    let before = 0;
    return {
      points: Float64Array.from(kept, ([value]) => value),
      cumulative: Float64Array.from(kept, ([, weight]) => (before += weight) / this.#count),
      error: this.error,
    };
  }

  /** The sketch as plain JSON. */
  toJSON(): QuantileSketchState {
    return { k: this.k, count: this.#count, levels: this.#levels.map((level) => [...level]) };
  }

  #capacity(level: number): number {
    const depth = this.#levels.length - 1 - level;
    return Math.max(LEAST_CAPACITY, Math.ceil(this.k * SHRINKAGE ** depth));
  }

  #measure(): void {
    this.#held = this.#levels.reduce((sum, level) => sum + level.length, 0);
    this.#capacities = this.#levels.map((_, i) => this.#capacity(i));
    this.#room = this.#capacities.reduce((sum, capacity) => sum + capacity, 0);
  }

  /** Halves the lowest level that is full. */
  #compact(): void {
    let level = 0;
    while (this.#levels[level].length <= this.#capacities[level]) level++;
    const kept = this.#levels[level];
    const { length } = kept;
    if (length > this.#sorted.length) this.#sorted = new Float64Array(2 * length);
    const values = this.#sorted;
    for (let i = 0; i < length; i++) values[i] = kept[i];
    sortFirst(values, length);
    const isNew = this.#levels.length === level + 1;
    const above = this.#levels[level + 1] ??= [];
    // A value without a partner stays, so that the weights still sum to the count.
    const paired = length - length % 2;
    const [low, high] = new Int32Array(values.buffer, 0, 2);
    const coin = deriveSeed(this.#count, level, low, high) & 1;
    for (let i = coin; i < paired; i += 2) above.push(values[i]);
    kept.length = 0;
    if (paired < length) kept.push(values[paired]);
    this.#held -= paired / 2;
    if (isNew) this.#measure();
  }
}

/** Sorts the first values of an array. */
function sortFirst(values: Float64Array, length: number): void {
  if (length > FEW) {
    values.subarray(0, length).sort();
    return;
  }
  for (let i = 1; i < length; i++) {
    const value = values[i];
    let at = i;
    for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
    values[at] = value;
  }
}
