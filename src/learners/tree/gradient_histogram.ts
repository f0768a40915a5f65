/** Sums of gradients by slot and code. */

import type { BundledRows } from "./bundling.ts";

/** Sums of gradient (even places) and hessian (odd places) of each code of each slot. */
export type GradientHistogram = Float64Array;

/** Builds, subtracts and keeps the histograms of a growing tree. */
export class HistogramBuilder {
  /** First code of each slot among all codes, and their number; shape [slots + 1]. */
  readonly offsets: Int32Array;
  readonly #bundled: BundledRows;
  readonly #free: GradientHistogram[] = [];

  /** Takes the rows of all histograms. */
  constructor(bundled: BundledRows) {
    this.#bundled = bundled;
    this.offsets = new Int32Array(bundled.slots.length + 1);
    bundled.slots.forEach(({ codes }, s) => this.offsets[s + 1] = this.offsets[s] + codes);
  }

  /** The histogram of `rows[start]` to `rows[end − 1]`. */
  build(
    rows: Int32Array,
    start: number,
    end: number,
    gradients: Float32Array,
  ): GradientHistogram {
    const histogram = this.#free.pop()?.fill(0) ?? new Float64Array(2 * this.offsets.at(-1)!);
    const { codes } = this.#bundled;
    const slots = this.#bundled.slots.length;
    const offsets = this.offsets;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const gradient = gradients[2 * row];
      const hessian = gradients[2 * row + 1];
      const first = row * slots;
      for (let s = 0; s < slots; s++) {
        const at = (offsets[s] + codes[first + s]) << 1;
        histogram[at] += gradient;
        histogram[at + 1] += hessian;
      }
    }
    return histogram;
  }

  /** Takes the histogram of one child away from its parent's, which becomes the other child's. */
  subtract(parent: GradientHistogram, child: GradientHistogram): void {
    for (let at = 0; at < parent.length; at++) parent[at] -= child[at];
  }

  /** Gives a histogram back for another node. */
  release(histogram: GradientHistogram): void {
    this.#free.push(histogram);
  }
}
