/** A faster way through nodes of two or three classes: all class weights in one number. */

import { type BinnedMatrix, missingCode } from "./binning.ts";
import { CategoryOrder, markMembers } from "./category_order.ts";
import type { CodeBlock, NodeRows } from "./code_block.ts";

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
 * grown tree do; in larger nodes each class has its own count. Gini impurity only.
 */
export class PackedClasses {
  /** Last bin that goes left in the best split of the last feature tried. */
  leftBin = 0;
  /** First occupied bin that goes right. */
  rightBin = 0;
  /** Purity Σ w²/W of both sides of that split, −Infinity if there is none. */
  score = 0;
  /** Bins that go left if the last feature tried holds categories. */
  members: Uint8Array | undefined;
  /** Whether missing values go left in it. */
  missingLeft = false;
  /** Whether the node has missing values of the last feature tried. */
  hasMissing = false;

  readonly #order = new CategoryOrder();
  readonly #members = new Uint8Array(codes);
  readonly #bits: number;
  readonly #mask: number;
  #codes: Uint8Array;
  #columnStride: number;
  // Weight times 4 plus class of the rows of a large node, in their order.
  readonly #entries: Int32Array;
  readonly #histogram = new Int32Array(codes);
  readonly #largeHistogram = new Int32Array(4 * codes);
  readonly #touched = new Int32Array(codes / 32);
  // The occupied bins in rising order, the missing one last, with their class weights.
  readonly #bins = new Int32Array(codes);
  readonly #weight0 = new Float64Array(codes);
  readonly #weight1 = new Float64Array(codes);
  readonly #weight2 = new Float64Array(codes);
  #offsets: Int32Array = new Int32Array(0);
  #packed: Int32Array = new Int32Array(0);
  #start = 0;
  #end = 0;
  #rowsPerSum = 0;
  #fits = false;
  #total0 = 0;
  #total1 = 0;
  #total2 = 0;

  /** Takes what stays the same for all nodes. */
  constructor(private readonly binned: BinnedMatrix, private readonly classes: number) {
    this.#bits = packedBits / classes;
    this.#mask = 2 ** this.#bits - 1;
    this.#entries = new Int32Array(binned.rows);
    this.#codes = binned.codes;
    this.#columnStride = binned.rows;
  }

  /**
   * Starts a tree on the first `count` of `rows`: writes their packed weights to
   * `carried` and gives whether they are small enough for that.
   */
  startTree(
    rows: Int32Array,
    count: number,
    labels: Int32Array,
    weights: Int32Array,
    carried: Int32Array,
  ): boolean {
    let heaviest = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      carried[i] = weights[row] << (this.#bits * labels[row]);
      if (weights[row] > heaviest) heaviest = weights[row];
    }
    this.#rowsPerSum = Math.floor(this.#mask / heaviest);
    return heaviest <= this.#mask;
  }

  /** Goes on in `block`. */
  useBlock({ codes, columnStride }: CodeBlock): void {
    this.#codes = codes;
    this.#columnStride = columnStride;
  }

  /** Starts a node: writes the weight of each class and gives their sum. */
  startNode(
    { offsets, carried }: NodeRows,
    start: number,
    end: number,
    classWeight: Float64Array,
  ): number {
    const bits = this.#bits;
    const mask = this.#mask;
    let total0 = 0;
    let total1 = 0;
    let total2 = 0;
    for (let from = start; from < end; from += this.#rowsPerSum) {
      const to = Math.min(from + this.#rowsPerSum, end);
      let sum = 0;
      for (let i = from; i < to; i++) sum += carried[i];
      total0 += sum & mask;
      total1 += (sum >> bits) & mask;
      total2 += sum >> (2 * bits);
    }
    const total = total0 + total1 + total2;
    this.#offsets = offsets;
    this.#packed = carried;
    this.#start = start;
    this.#end = end;
    this.#total0 = classWeight[0] = total0;
    this.#total1 = classWeight[1] = total1;
    this.#total2 = total2;
    if (classWeight.length > 2) classWeight[2] = total2;
    this.#fits = total <= mask;
    if (!this.#fits) this.#fillEntries();
    return total;
  }

  #fillEntries(): void {
    const packed = this.#packed;
    const entries = this.#entries;
    const bits = this.#bits;
    const mask = this.#mask;
    for (let i = this.#start; i < this.#end; i++) {
      const w0 = packed[i] & mask;
      const w1 = (packed[i] >> bits) & mask;
      const w2 = packed[i] >> (2 * bits);
      entries[i] = ((w0 + w1 + w2) << 2) | (Number(w1 > 0) + 2 * Number(w2 > 0));
    }
  }

  /** Tries all splits of a feature; gives false if it is constant in the node. */
  tryFeature(feature: number): boolean {
    this.members = undefined;
    if (this.binned.categorical[feature]) return this.#tryCategories(feature);
    if (this.binned.bins[feature] === 2 && this.binned.hasMissing[feature] === 0) {
      return this.#tryBinary(feature);
    }
    const bins = this.binned.bins[feature];
    // Looking at every bin is cheaper than noting for each row which ones to look at,
    // unless there are far more bins than rows.
    const few = bins <= 2 * (this.#end - this.#start) + 16;
    if (this.#fits && few && this.binned.hasMissing[feature] === 0) {
      this.#fill(feature);
      return this.#scanFilled(bins);
    }
    return this.#tryBins(this.#occupiedBins(feature));
  }

  /** As {@link ClassSplitter} tries sets of categories. */
  #tryCategories(feature: number): boolean {
    const occupied = this.#occupiedBins(feature);
    if (occupied < 2) return false;
    this.score = -Infinity;
    this.hasMissing = this.#bins[occupied - 1] === missingCode;
    this.missingLeft = false;
    this.members = this.#members;
    const order = this.#order;
    const weights = [this.#weight0, this.#weight1, this.#weight2];
    const count = this.hasMissing ? occupied - 1 : occupied;
    for (let k = this.classes === 2 ? 1 : 0; k < this.classes; k++) {
      for (let i = 0; i < count; i++) {
        order.keys[i] = weights[k][i] / (weights[0][i] + weights[1][i] + weights[2][i]);
      }
      order.sort(count);
      for (let turn = 0; turn < (this.hasMissing ? 2 : 1); turn++) {
        if (turn === 1) order.turn(count);
        for (const values of [this.#bins, ...weights]) order.apply(values, 1, count);
        const before = this.score;
        this.#scan(occupied, 0, 0, 0);
        if (this.score <= before) continue;
        markMembers(this.#bins, count, this.leftBin, this.hasMissing, this.#members);
      }
    }
    return true;
  }

  /** The occupied bins of any feature; gives their number. */
  #occupiedBins(feature: number): number {
    if (!this.#fits) {
      this.#fillLarge(feature);
      return this.#collectLarge();
    }
    this.#fillAndTouch(feature);
    return this.#collectTouched();
  }

  #fill(feature: number): void {
    const codes = this.#codes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const packed = this.#packed;
    const histogram = this.#histogram;
    for (let i = this.#start; i < this.#end; i++) histogram[codes[base + offsets[i]]] += packed[i];
  }

  #fillAndTouch(feature: number): void {
    const codes = this.#codes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const packed = this.#packed;
    const histogram = this.#histogram;
    const touched = this.#touched;
    for (let i = this.#start; i < this.#end; i++) {
      const bin = codes[base + offsets[i]];
      histogram[bin] += packed[i];
      touched[bin >> 5] |= 1 << bin;
    }
  }

  /** Tries the one split of a column of two bins. */
  #tryBinary(feature: number): boolean {
    const codes = this.#codes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const packed = this.#packed;
    const bits = this.#bits;
    const mask = this.#mask;
    let right0 = 0;
    let right1 = 0;
    let right2 = 0;
    for (let from = this.#start; from < this.#end; from += this.#rowsPerSum) {
      const to = Math.min(from + this.#rowsPerSum, this.#end);
      let right = 0;
      for (let i = from; i < to; i++) right += packed[i] & -codes[base + offsets[i]];
      right0 += right & mask;
      right1 += (right >> bits) & mask;
      right2 += right >> (2 * bits);
    }
    const right = right0 + right1 + right2;
    const total = this.#total0 + this.#total1 + this.#total2;
    if (right === 0 || right === total) return false;
    this.leftBin = 0;
    this.rightBin = 1;
    this.hasMissing = this.missingLeft = false;
    this.score = purity(this.#total0 - right0, this.#total1 - right1, this.#total2 - right2) +
      purity(right0, right1, right2);
    return true;
  }

  /** Empties a packed histogram of `bins` bins and tries the split before each occupied one. */
  #scanFilled(bins: number): boolean {
    const bits = this.#bits;
    const mask = this.#mask;
    const histogram = this.#histogram;
    const total0 = this.#total0;
    const total1 = this.#total1;
    const total2 = this.#total2;
    let best = -Infinity;
    let last = -1;
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) {
      const packed = histogram[bin];
      if (packed === 0) continue;
      histogram[bin] = 0;
      if (last >= 0) {
        const left0 = sum & mask;
        const left1 = (sum >> bits) & mask;
        const left2 = sum >> (2 * bits);
        const score = purity(left0, left1, left2) +
          purity(total0 - left0, total1 - left1, total2 - left2);
        if (score > best) {
          best = score;
          this.leftBin = last;
          this.rightBin = bin;
        }
      }
      sum += packed;
      last = bin;
    }
    this.score = best;
    this.hasMissing = this.missingLeft = false;
    return best > -Infinity;
  }

  /**
   * Moves the packed histogram whose occupied bins were noted to the list of them; gives its length.
   */
  #collectTouched(): number {
    const bits = this.#bits;
    const mask = this.#mask;
    const histogram = this.#histogram;
    const touched = this.#touched;
    const bins = this.#bins;
    const weight0 = this.#weight0;
    const weight1 = this.#weight1;
    const weight2 = this.#weight2;
    let occupied = 0;
    for (let word = 0; word < touched.length; word++) {
      let left = touched[word];
      touched[word] = 0;
      while (left !== 0) {
        const bin = (word << 5) + 31 - Math.clz32(left & -left);
        left &= left - 1;
        const packed = histogram[bin];
        histogram[bin] = 0;
        bins[occupied] = bin;
        weight0[occupied] = packed & mask;
        weight1[occupied] = (packed >> bits) & mask;
        weight2[occupied] = packed >> (2 * bits);
        occupied++;
      }
    }
    return occupied;
  }

  #fillLarge(feature: number): void {
    const codes = this.#codes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const entries = this.#entries;
    const histogram = this.#largeHistogram;
    for (let i = this.#start; i < this.#end; i++) {
      const entry = entries[i];
      histogram[(codes[base + offsets[i]] << 2) | (entry & 3)] += entry >> 2;
    }
  }

  /** Moves the histogram of a large node to the list of occupied bins; gives its length. */
  #collectLarge(): number {
    const histogram = this.#largeHistogram;
    let occupied = 0;
    for (let bin = 0; bin < codes; bin++) {
      const weight0 = histogram[4 * bin];
      const weight1 = histogram[4 * bin + 1];
      const weight2 = histogram[4 * bin + 2];
      if ((weight0 | weight1 | weight2) === 0) continue;
      histogram[4 * bin] = histogram[4 * bin + 1] = histogram[4 * bin + 2] = 0;
      this.#bins[occupied] = bin;
      this.#weight0[occupied] = weight0;
      this.#weight1[occupied] = weight1;
      this.#weight2[occupied] = weight2;
      occupied++;
    }
    return occupied;
  }

  /** Tries all splits between the occupied bins; gives false if there is but one. */
  #tryBins(occupied: number): boolean {
    if (occupied < 2) return false;
    this.score = -Infinity;
    this.hasMissing = this.#bins[occupied - 1] === missingCode;
    this.missingLeft = false;
    this.#scan(occupied, 0, 0, 0);
    if (this.hasMissing && occupied > 2) {
      const missing = occupied - 1;
      const before = this.score;
      this.#scan(missing, this.#weight0[missing], this.#weight1[missing], this.#weight2[missing]);
      this.missingLeft = this.score > before;
    }
    return true;
  }

  /** Tries the split after each of the bins but the last, with some weight on the left already. */
  #scan(occupied: number, left0: number, left1: number, left2: number): void {
    const weight0 = this.#weight0;
    const weight1 = this.#weight1;
    const weight2 = this.#weight2;
    const total0 = this.#total0;
    const total1 = this.#total1;
    const total2 = this.#total2;
    let best = this.score;
    let bestStep = -1;
    for (let step = 0; step < occupied - 1; step++) {
      left0 += weight0[step];
      left1 += weight1[step];
      left2 += weight2[step];
      const score = purity(left0, left1, left2) +
        purity(total0 - left0, total1 - left1, total2 - left2);
      if (score > best) {
        best = score;
        bestStep = step;
      }
    }
    if (bestStep < 0) return;
    this.score = best;
    this.leftBin = this.#bins[bestStep];
    this.rightBin = this.#bins[bestStep + 1];
  }
}

/** Σ w²/W of the class weights of one side. */
function purity(weight0: number, weight1: number, weight2: number): number {
  return (weight0 * weight0 + weight1 * weight1 + weight2 * weight2) /
    (weight0 + weight1 + weight2);
}
