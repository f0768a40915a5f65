/** A faster way through small nodes of two or three classes: all class weights in one number. */

import type { BinnedMatrix } from "./binning.ts";

/** Codes of a column. */
const codes = 256;

/** Most classes that are packed. */
export const maxPackedClasses = 3;

/** Bits of an Int32 that are shared out to the classes. */
const packedBits = 30;

/**
 * The class weights of rows side by side in the bits of one Int32, so that one
 * addition counts a row whatever its class. It holds as long as a sum stays
 * below 2^15 for two classes or 2^10 for three, which most nodes of a fully
 * grown tree do. Gini impurity only, and columns without missing values.
 */
export class PackedClasses {
  /** Last bin that goes left in the best split of the last feature tried. */
  leftBin = 0;
  /** First occupied bin that goes right. */
  rightBin = 0;
  /** Purity Σ w²/W of both sides of that split, −Infinity where there is none. */
  score = 0;
  /** Whether the whole node fits, not only rows of it. */
  wholeNode = false;

  readonly #binned: BinnedMatrix;
  readonly #bits: number;
  readonly #mask: number;
  // By row, and in the order of the node's rows.
  readonly #packedOf: Int32Array;
  readonly #packed: Int32Array;
  readonly #histogram = new Int32Array(codes);
  readonly #touched = new Int32Array(codes / 32);
  #count = 0;
  #rowsPerSum = 0;
  #total0 = 0;
  #total1 = 0;
  #total2 = 0;

  /** Takes what stays the same for all nodes. */
  constructor(binned: BinnedMatrix, classes: number) {
    this.#binned = binned;
    this.#bits = packedBits / classes;
    this.#mask = 2 ** this.#bits - 1;
    this.#packedOf = new Int32Array(binned.rows);
    this.#packed = new Int32Array(binned.rows);
  }

  /** Starts a tree; gives whether the weights of its rows are small enough to pack. */
  startTree(rows: Int32Array, count: number, labels: Int32Array, weights: Int32Array): boolean {
    let heaviest = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      this.#packedOf[row] = weights[row] << (this.#bits * labels[row]);
      if (weights[row] > heaviest) heaviest = weights[row];
    }
    this.#rowsPerSum = Math.floor(this.#mask / heaviest);
    return heaviest <= this.#mask;
  }

  /** Starts a node: writes the weight of each class and gives their sum. */
  startNode(rows: Int32Array, start: number, end: number, classWeight: Float64Array): number {
    const packedOf = this.#packedOf;
    const packed = this.#packed;
    const bits = this.#bits;
    const mask = this.#mask;
    const count = end - start;
    let total0 = 0;
    let total1 = 0;
    let total2 = 0;
    for (let from = 0; from < count; from += this.#rowsPerSum) {
      const to = Math.min(from + this.#rowsPerSum, count);
      let sum = 0;
      for (let i = from; i < to; i++) {
        const row = packedOf[rows[start + i]];
        packed[i] = row;
        sum += row;
      }
      total0 += sum & mask;
      total1 += (sum >> bits) & mask;
      total2 += sum >> (2 * bits);
    }
    const total = total0 + total1 + total2;
    this.#count = count;
    this.#total0 = classWeight[0] = total0;
    this.#total1 = classWeight[1] = total1;
    this.#total2 = total2;
    if (classWeight.length > 2) classWeight[2] = total2;
    this.wholeNode = total <= mask;
    return total;
  }

  /** Tries the one split of a column of two bins; gives false where the node holds one of them. */
  tryBinary(feature: number, rows: Int32Array, start: number): boolean {
    const { codes, rows: stride } = this.#binned;
    const base = feature * stride;
    const packed = this.#packed;
    const bits = this.#bits;
    const mask = this.#mask;
    let right0 = 0;
    let right1 = 0;
    let right2 = 0;
    for (let from = 0; from < this.#count; from += this.#rowsPerSum) {
      const to = Math.min(from + this.#rowsPerSum, this.#count);
      let right = 0;
      for (let i = from; i < to; i++) right += packed[i] & -codes[base + rows[start + i]];
      right0 += right & mask;
      right1 += (right >> bits) & mask;
      right2 += right >> (2 * bits);
    }
    const right = right0 + right1 + right2;
    const total = this.#total0 + this.#total1 + this.#total2;
    if (right === 0 || right === total) return false;
    const left0 = this.#total0 - right0;
    const left1 = this.#total1 - right1;
    const left2 = this.#total2 - right2;
    this.leftBin = 0;
    this.rightBin = 1;
    this.score = (left0 * left0 + left1 * left1 + left2 * left2) / (total - right) +
      (right0 * right0 + right1 * right1 + right2 * right2) / right;
    return true;
  }

  /** Tries all splits of a feature; gives false where it is constant in the node. */
  tryFeature(feature: number, rows: Int32Array, start: number): boolean {
    const { codes, rows: stride } = this.#binned;
    const base = feature * stride;
    const packed = this.#packed;
    const histogram = this.#histogram;
    const touched = this.#touched;
    for (let i = 0; i < this.#count; i++) {
      const bin = codes[base + rows[start + i]];
      histogram[bin] += packed[i];
      touched[bin >> 5] |= 1 << bin;
    }
    return this.#scan();
  }

  /** Goes through the occupied bins in rising order and clears them. */
  #scan(): boolean {
    const bits = this.#bits;
    const mask = this.#mask;
    const histogram = this.#histogram;
    const touched = this.#touched;
    const total0 = this.#total0;
    const total1 = this.#total1;
    const total2 = this.#total2;
    const total = total0 + total1 + total2;
    let left0 = 0;
    let left1 = 0;
    let left2 = 0;
    let previous = -1;
    let first = -1;
    let best = -Infinity;
    for (let word = 0; word < touched.length; word++) {
      let occupied = touched[word];
      touched[word] = 0;
      while (occupied !== 0) {
        const bin = (word << 5) + 31 - Math.clz32(occupied & -occupied);
        occupied &= occupied - 1;
        if (previous < 0) {
          first = bin;
        } else {
          const left = left0 + left1 + left2;
          const right0 = total0 - left0;
          const right1 = total1 - left1;
          const right2 = total2 - left2;
          const score = (left0 * left0 + left1 * left1 + left2 * left2) / left +
            (right0 * right0 + right1 * right1 + right2 * right2) / (total - left);
          if (score > best) {
            best = score;
            this.leftBin = previous;
            this.rightBin = bin;
          }
        }
        const moved = histogram[bin];
        histogram[bin] = 0;
        left0 += moved & mask;
        left1 += (moved >> bits) & mask;
        left2 += moved >> (2 * bits);
        previous = bin;
      }
    }
    this.score = best;
    return previous !== first;
  }
}
