/** Categories of a node in a rising order of what they lead to. */

import { codes } from "./binning.ts";

/** Sorts what belongs to up to 256 categories; the memory is used again for each node. */
export class CategoryOrder {
  /** What is sorted by, written before each sort. */
  readonly keys = new Float64Array(codes);
  /** Places in rising order of their keys, of equal keys the first place first. */
  readonly order = new Int32Array(codes);
  readonly #moved = new Float64Array(codes);

  /** Sorts the first `count` places: few of them are out of order from node to node. */
  sort(count: number): void {
    const { keys, order } = this;
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      let at = i;
      for (; at > 0 && keys[order[at - 1]] > key; at--) order[at] = order[at - 1];
      order[at] = i;
    }
  }

  /** Makes the order that turns what is sorted already the other way round. */
  turn(count: number): void {
    for (let i = 0; i < count; i++) this.order[i] = count - 1 - i;
  }

  /** Brings the first `count` groups of `width` values into the order. */
  apply(values: Int32Array | Float64Array, width: number, count: number): void {
    const moved = this.#moved;
    for (let part = 0; part < width; part++) {
      for (let i = 0; i < count; i++) moved[i] = values[this.order[i] * width + part];
      for (let i = 0; i < count; i++) values[i * width + part] = moved[i];
    }
  }
}

/**
 * Marks the bins of a set: the first ones up to `last`, or those after it where
 * these are fewer, so that a category that was not seen is with the most of them.
 *
 * @param bins Bins that were told apart, in their order.
 * @param count How many there are, a bin of missing values left out.
 * @param hasMissing Whether missing values go with the others, to the right.
 * @param members 1 for each bin in the set, written.
 */
export function markMembers(
  bins: Int32Array,
  count: number,
  last: number,
  hasMissing: boolean,
  members: Uint8Array,
): void {
  members.fill(0);
  const end = bins.indexOf(last) + 1;
  const first = !hasMissing && 2 * end > count;
  for (let i = first ? end : 0; i < (first ? count : end); i++) members[bins[i]] = 1;
}
