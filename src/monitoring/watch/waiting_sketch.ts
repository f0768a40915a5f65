/** Rows that are sketched only once somebody asks: most windows of a long log are over before. */

import { type RawSample, SampleSketch, type SketchedSample } from "../../drift/mod.ts";

/** Cells that wait; more are sketched at once, so that memory does not grow with the window. */
const MOST_CELLS = 1 << 19;

/** Takes batches of rows in as they are, and gives the sketch of all of them. */
export class WaitingSketch {
  readonly #sketch = new SampleSketch();
  #waiting: RawSample[] = [];
  #cells = 0;
  #rows = 0;

  /** Number of rows that went in. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes a batch in, which must not change any more. */
  add(batch: RawSample): void {
    this.#waiting.push(batch);
    this.#rows += batch.rows;
    this.#cells += batch.rows * Object.keys(batch.columns).length;
    if (this.#cells > MOST_CELLS) this.#settle();
  }

  /** Takes all in that another one holds, which is not of use any more. */
  take(other: WaitingSketch): void {
    if (other.#sketch.rows > 0) this.merge(other.#sketch.sample());
    for (const batch of other.#waiting) this.add(batch);
  }

  /** Takes in what was kept. */
  merge(kept: SketchedSample): void {
    this.#settle();
    this.#sketch.merge(kept);
    this.#rows += kept.rows;
  }

  /** What was seen so far; null if nothing was. */
  sample(): SketchedSample | null {
    this.#settle();
    return this.#rows > 0 ? this.#sketch.sample() : null;
  }

  #settle(): void {
    for (const batch of this.#waiting) this.#sketch.add(batch);
    [this.#waiting, this.#cells] = [[], 0];
  }
}
