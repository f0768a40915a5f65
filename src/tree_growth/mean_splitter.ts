/** The best split of a node by the squared error around the means of its two sides. */

import type { Random } from "../base/mod.ts";
import { type BinnedMatrix, missingCode } from "./binning.ts";
import { CategoryOrder, markMembers } from "./category_order.ts";
import type { CodeBlock, NodeRows } from "./code_block.ts";
import type { NodeSplitter } from "./node_splitter.ts";
import { drawSplit, joinSides, type RandomSplit } from "./random_split.ts";

/** Codes with room for every bin and the missing value. */
const codes = 256;

/**
 * Looks for the split that leaves the least squared error. That is the one with
 * the greatest Σ S²/W over both sides, S the weighted sum of targets, W the
 * weight.
 *
 * Source: scikit-learn's `MSE` criterion, on histograms of bins instead of
 * sorted values.
 */
export class MeanSplitter implements NodeSplitter {
  weight!: number;
  feature!: number;
  leftBin!: number;
  rightBin!: number;
  threshold: number | undefined;
  hasMissing!: boolean;
  missingLeft!: boolean;
  random: Random | undefined;
  score = -Infinity;

  readonly #order = new CategoryOrder();
  readonly #members = new Uint8Array(codes);
  readonly #leaf = new Float64Array(1);
  #weights!: Int32Array;
  #codes!: Uint8Array;
  #columnStride!: number;
  // The node's rows: where their bins are, and weighted target and weight from the first on.
  #offsets!: Int32Array;
  #start!: number;
  #end!: number;
  #sum!: number;
  readonly #nodeSum: Float64Array;
  readonly #nodeWeight: Float64Array;
  // Of each bin the sum of targets, the weight and the number of rows; cleared after each feature.
  readonly #histogram = new Float64Array(3 * codes);
  // Which bins are occupied, a bit for each.
  readonly #touched = new Int32Array(codes / 32);
  // The same of the occupied bins in rising order, the missing one last.
  readonly #bins = new Int32Array(codes);
  readonly #occupied = new Float64Array(3 * codes);

  /**
   * Takes what stays the same for all nodes.
   *
   * @param values Targets, best around 0, if sums lose the least; shape [rows].
   * @param minSamplesLeaf Counts rows, not weight.
   */
  constructor(
    private readonly binned: BinnedMatrix,
    private readonly values: Float64Array,
    private readonly minSamplesLeaf: number,
  ) {
    this.#nodeSum = new Float64Array(binned.rows);
    this.#nodeWeight = new Float64Array(binned.rows);
  }

  startTree(rows: Int32Array, count: number, weights: Int32Array, carried: Int32Array): void {
    this.#weights = weights;
    carried.set(rows.subarray(0, count));
  }

  useBlock({ codes, columnStride }: CodeBlock): void {
    this.#codes = codes;
    this.#columnStride = columnStride;
  }

  startNode({ offsets, carried }: NodeRows, start: number, end: number): boolean {
    const values = this.values;
    const weights = this.#weights;
    const nodeSum = this.#nodeSum;
    const nodeWeight = this.#nodeWeight;
    const first = values[carried[start]];
    let equal = true;
    let sum = 0;
    let total = 0;
    for (let i = start; i < end; i++) {
      const value = values[carried[i]];
      const weight = weights[carried[i]];
      equal &&= value === first;
      nodeSum[i - start] = weight * value;
      nodeWeight[i - start] = weight;
      sum += weight * value;
      total += weight;
    }
    this.feature = -1;
    this.score = -Infinity;
    this.weight = total;
    this.#sum = sum;
    this.#offsets = offsets;
    this.#start = start;
    this.#end = end;
    return equal;
  }

  tryFeature(feature: number): boolean {
    this.#fillHistogram(feature);
    const occupied = this.#collectBins();
    if (occupied < 2) return false;
    const hasMissing = this.#bins[occupied - 1] === missingCode;
    const before = this.score;
    if (this.binned.categorical[feature]) {
      this.#tryCategories(feature, occupied, hasMissing);
      return true;
    }
    const values = hasMissing ? occupied - 1 : occupied;
    const drawn = drawSplit(this.random, this.binned, feature, this.#bins, values);
    const groups = drawn ? this.#join(drawn, occupied, hasMissing) : occupied;
    // Of a drawn split missing values have their side.
    if (!drawn || groups === 2) this.#scan(feature, groups, false);
    if (hasMissing && groups > 2) this.#scan(feature, groups, true);
    if (this.score > before) {
      this.hasMissing = hasMissing;
      this.threshold = drawn?.threshold;
    }
    return true;
  }

  /** Leaves that split alone to be tried; gives how many groups of bins are left. */
  #join(drawn: RandomSplit, occupied: number, hasMissing: boolean): number {
    const count = hasMissing ? occupied - 1 : occupied;
    const bins = this.#bins;
    [bins[0], bins[1]] = [bins[drawn.step], bins[drawn.step + 1]];
    bins[2] = missingCode;
    return joinSides(this.#occupied, 3, drawn, count, occupied);
  }

  get members(): Uint8Array | undefined {
    return this.binned.categorical[this.feature] ? this.#members : undefined;
  }

  /**
   * In the order of their means, one of the splits between two categories is the
   * best of all sets (Fisher, 1958). Missing values go right with either end.
   */
  #tryCategories(feature: number, occupied: number, hasMissing: boolean): void {
    const parts = this.#occupied;
    const order = this.#order;
    const count = hasMissing ? occupied - 1 : occupied;
    for (let i = 0; i < count; i++) order.keys[i] = parts[3 * i] / parts[3 * i + 1];
    order.sort(count);
    for (let turn = 0; turn < (hasMissing ? 2 : 1); turn++) {
      if (turn === 1) order.turn(count);
      order.apply(this.#bins, 1, count);
      order.apply(parts, 3, count);
      const before = this.score;
      this.#scan(feature, occupied, false);
      if (this.score <= before) continue;
      this.hasMissing = hasMissing;
      markMembers(this.#bins, count, this.leftBin, hasMissing, this.#members);
    }
  }

  isPerfect(): boolean {
    return false;
  }

  nodeScore(): number {
    return this.#sum * this.#sum / this.weight;
  }

  leafValues(): Float64Array {
    this.#leaf[0] = this.#sum / this.weight;
    return this.#leaf;
  }

  #fillHistogram(feature: number): void {
    const codes = this.#codes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const start = this.#start;
    const nodeSum = this.#nodeSum;
    const nodeWeight = this.#nodeWeight;
    const histogram = this.#histogram;
    const touched = this.#touched;
    for (let i = 0; i < this.#end - start; i++) {
      const bin = codes[base + offsets[start + i]];
      const at = 3 * bin;
      histogram[at] += nodeSum[i];
      histogram[at + 1] += nodeWeight[i];
      histogram[at + 2]++;
      touched[bin >> 5] |= 1 << bin;
    }
  }

  /** Moves the histogram to the list of occupied bins, the missing one last; gives its length. */
  #collectBins(): number {
    const histogram = this.#histogram;
    const touched = this.#touched;
    const parts = this.#occupied;
    let occupied = 0;
    for (let word = 0; word < touched.length; word++) {
      let bits = touched[word];
      touched[word] = 0;
      while (bits !== 0) {
        const bin = (word << 5) + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        this.#bins[occupied] = bin;
        for (let part = 0; part < 3; part++) {
          parts[3 * occupied + part] = histogram[3 * bin + part];
          histogram[3 * bin + part] = 0;
        }
        occupied++;
      }
    }
    return occupied;
  }

  /** Tries the split after each occupied bin, with missing values on one side. */
  #scan(feature: number, occupied: number, missingLeft: boolean): void {
    const parts = this.#occupied;
    const minRows = this.minSamplesLeaf;
    const rows = this.#end - this.#start;
    const sum = this.#sum;
    const weight = this.weight;
    const last = 3 * (occupied - 1);
    let left = missingLeft ? parts[last] : 0;
    let leftWeight = missingLeft ? parts[last + 1] : 0;
    let leftRows = missingLeft ? parts[last + 2] : 0;
    // With missing values left, the last split is between the last two other bins.
    const splits = missingLeft ? occupied - 2 : occupied - 1;
    for (let step = 0; step < splits; step++) {
      left += parts[3 * step];
      leftWeight += parts[3 * step + 1];
      leftRows += parts[3 * step + 2];
      if (leftRows < minRows || rows - leftRows < minRows) continue;
      const right = sum - left;
      const score = left * left / leftWeight + right * right / (weight - leftWeight);
      if (score > this.score) {
        this.score = score;
        this.feature = feature;
        this.leftBin = this.#bins[step];
        this.rightBin = this.#bins[step + 1];
        this.missingLeft = missingLeft;
      }
    }
  }
}
