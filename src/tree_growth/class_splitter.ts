/** The best split of a node by Gini impurity or entropy of its classes. */

import type { Random } from "../base/mod.ts";
import { type BinnedMatrix, missingCode } from "./binning.ts";
import { CategoryOrder, markMembers } from "./category_order.ts";
import type { CodeBlock, NodeRows } from "./code_block.ts";
import { roundShares } from "./leaf_shares.ts";
import type { NodeSplitter } from "./node_splitter.ts";
import { drawSplit, joinSides, type RandomSplit } from "./random_split.ts";
import { maxPackedClasses, PackedClasses } from "./packed_classes.ts";

/** How the mixture of classes in a node is measured; log loss is another name of entropy. */
export type Criterion = "gini" | "entropy" | "log_loss";

/** Classes to learn. */
export interface ClassLabels {
  /** Class of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Number of classes. */
  readonly classes: number;
  /** Measure of impurity. */
  readonly criterion: Criterion;
  /** Leaf shares are multiples of 1 / shareUnits, a power of two. */
  readonly shareUnits: number;
}

/** Codes with room for every bin and the missing value. */
const codes = 256;

/**
 * Looks for the best split of one node at a time. Weights are whole numbers, so
 * sums are exact and do not depend on the order of rows.
 *
 * Source: scikit-learn's `BestSplitter`, on histograms of bins instead of
 * sorted values.
 */
export class ClassSplitter implements NodeSplitter {
  weight!: number;
  feature!: number;
  leftBin!: number;
  rightBin!: number;
  threshold: number | undefined;
  hasMissing!: boolean;
  missingLeft!: boolean;
  random: Random | undefined;
  score = -Infinity;

  readonly #binned: BinnedMatrix;
  readonly #classes: number;
  readonly #entropy: boolean;
  readonly #minSamplesLeaf: number;
  readonly #shareUnits: number;
  /** Total weight of each class in the node, shape [classes]. */
  readonly #classWeight: Float64Array;
  readonly #shares: Float64Array;

  readonly #labels: Int32Array;
  #weights!: Int32Array;
  #codes!: Uint8Array;
  #columnStride!: number;
  // The node's rows: where their bins are, and label and weight from the first of them on.
  #offsets!: Int32Array;
  #start!: number;
  #end!: number;
  readonly #nodeLabel: Int32Array;
  readonly #nodeWeight: Int32Array;
  // Class weights by bin, cleared after each feature; which bins are occupied, a bit for each.
  readonly #histogram: Int32Array;
  readonly #rowHistogram = new Int32Array(codes);
  readonly #touched = new Int32Array(codes / 32);
  // The occupied bins in rising order with their class weights and rows.
  readonly #bins = new Int32Array(codes);
  readonly #binWeight: Int32Array;
  readonly #binRows = new Int32Array(codes);
  readonly #left: Float64Array;
  readonly #order = new CategoryOrder();
  readonly #members = new Uint8Array(codes);
  readonly #packed?: PackedClasses;
  #canPack!: boolean;

  /**
   * Takes what stays the same for all nodes.
   *
   * @param minSamplesLeaf Counts rows, not weight.
   * @param randomSplits Whether each feature is cut at one random place.
   */
  constructor(
    binned: BinnedMatrix,
    { labels, classes, criterion, shareUnits }: ClassLabels,
    minSamplesLeaf: number,
    randomSplits: boolean,
  ) {
    this.#binned = binned;
    this.#labels = labels;
    this.#classes = classes;
    this.#entropy = criterion !== "gini";
    this.#minSamplesLeaf = minSamplesLeaf;
    this.#shareUnits = shareUnits;
    this.#classWeight = new Float64Array(classes);
    this.#shares = new Float64Array(classes);
    this.#nodeLabel = new Int32Array(binned.rows);
    this.#nodeWeight = new Int32Array(binned.rows);
    this.#histogram = new Int32Array(codes * classes);
    this.#binWeight = new Int32Array(codes * classes);
    this.#left = new Float64Array(classes);
    const all = !randomSplits && minSamplesLeaf === 1;
    if (classes <= maxPackedClasses && criterion === "gini" && all) {
      this.#packed = new PackedClasses(binned, classes);
    }
  }

  startTree(rows: Int32Array, count: number, weights: Int32Array, carried: Int32Array): void {
    this.#weights = weights;
    this.#canPack = this.#packed?.startTree(rows, count, this.#labels, weights, carried) ?? false;
    if (!this.#canPack) carried.set(rows.subarray(0, count));
  }

  useBlock(block: CodeBlock): void {
    this.#packed?.useBlock(block);
    this.#codes = block.codes;
    this.#columnStride = block.columnStride;
  }

  startNode(rows: NodeRows, start: number, end: number): boolean {
    const classWeight = this.#classWeight;
    this.feature = -1;
    this.score = -Infinity;
    this.weight = this.#canPack
      ? this.#packed!.startNode(rows, start, end, classWeight)
      : this.#loadRows(rows, start, end);
    return classWeight.includes(this.weight);
  }

  #loadRows({ offsets, carried }: NodeRows, start: number, end: number): number {
    const labels = this.#labels;
    const weights = this.#weights;
    const nodeLabel = this.#nodeLabel;
    const nodeWeight = this.#nodeWeight;
    const classWeight = this.#classWeight.fill(0);
    let total = 0;
    for (let i = start; i < end; i++) {
      const label = labels[carried[i]];
      const weight = weights[carried[i]];
      nodeLabel[i - start] = label;
      nodeWeight[i - start] = weight;
      classWeight[label] += weight;
      total += weight;
    }
    this.#offsets = offsets;
    this.#start = start;
    this.#end = end;
    return total;
  }

  /** The score of the node without a split. */
  nodeScore(): number {
    return this.#partScore(this.#classWeight, this.weight);
  }

  isPerfect(): boolean {
    return !this.#entropy && this.score === this.weight;
  }

  leafValues(): Float64Array {
    roundShares(this.#classWeight, this.weight, this.#shareUnits, this.#shares);
    return this.#shares;
  }

  tryFeature(feature: number): boolean {
    if (this.#canPack) return this.#tryPacked(this.#packed!, feature);
    this.#fillHistogram(feature);
    const occupied = this.#collectBins();
    if (occupied < 2) return false;
    const hasMissing = this.#bins[occupied - 1] === missingCode;
    const before = this.score;
    if (this.#binned.categorical[feature]) {
      this.#tryCategories(feature, occupied, hasMissing);
      return true;
    }
    const values = hasMissing ? occupied - 1 : occupied;
    const drawn = drawSplit(this.random, this.#binned, feature, this.#bins, values);
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
    joinSides(this.#binRows, 1, drawn, count, occupied);
    return joinSides(this.#binWeight, this.#classes, drawn, count, occupied);
  }

  #tryPacked(packed: PackedClasses, feature: number): boolean {
    const varies = packed.tryFeature(feature);
    if (varies && packed.score > this.score) {
      this.score = packed.score;
      this.feature = feature;
      this.leftBin = packed.leftBin;
      this.rightBin = packed.rightBin;
      this.hasMissing = packed.hasMissing;
      this.missingLeft = packed.missingLeft;
      if (packed.members) this.#members.set(packed.members);
    }
    return varies;
  }

  get members(): Uint8Array | undefined {
    return this.#binned.categorical[this.feature] ? this.#members : undefined;
  }

  /**
   * Sets of categories in the order of the share of one class. For two classes
   * the best set of all is among them (Breiman et al., 1984, theorem 4.5); for
   * more, each class's order is tried, and what is found is the best of those.
   * Missing values go right with either end.
   */
  #tryCategories(feature: number, occupied: number, hasMissing: boolean): void {
    const classes = this.#classes;
    const binWeight = this.#binWeight;
    const order = this.#order;
    const count = hasMissing ? occupied - 1 : occupied;
    for (let k = classes === 2 ? 1 : 0; k < classes; k++) {
      for (let i = 0; i < count; i++) {
        let total = 0;
        for (let c = 0; c < classes; c++) total += binWeight[i * classes + c];
        order.keys[i] = binWeight[i * classes + k] / total;
      }
      order.sort(count);
      for (let turn = 0; turn < (hasMissing ? 2 : 1); turn++) {
        if (turn === 1) order.turn(count);
        order.apply(this.#bins, 1, count);
        order.apply(binWeight, classes, count);
        order.apply(this.#binRows, 1, count);
        const before = this.score;
        this.#scan(feature, occupied, false);
        if (this.score <= before) continue;
        this.hasMissing = hasMissing;
        markMembers(this.#bins, count, this.leftBin, hasMissing, this.#members);
      }
    }
  }

  #fillHistogram(feature: number): void {
    const codes = this.#codes;
    const classes = this.#classes;
    const base = feature * this.#columnStride;
    const offsets = this.#offsets;
    const start = this.#start;
    const end = this.#end;
    const nodeLabel = this.#nodeLabel;
    const nodeWeight = this.#nodeWeight;
    const histogram = this.#histogram;
    const touched = this.#touched;
    for (let i = start; i < end; i++) {
      const bin = codes[base + offsets[i]];
      histogram[bin * classes + nodeLabel[i - start]] += nodeWeight[i - start];
      touched[bin >> 5] |= 1 << bin;
    }
    if (this.#minSamplesLeaf > 1) {
      for (let i = start; i < end; i++) this.#rowHistogram[codes[base + offsets[i]]]++;
    }
  }

  /** Moves the histogram to the list of occupied bins, the missing one last; gives its length. */
  #collectBins(): number {
    const classes = this.#classes;
    const histogram = this.#histogram;
    const touched = this.#touched;
    const bins = this.#bins;
    const binWeight = this.#binWeight;
    const countRows = this.#minSamplesLeaf > 1;
    let occupied = 0;
    for (let word = 0; word < touched.length; word++) {
      let bits = touched[word];
      if (bits === 0) continue;
      touched[word] = 0;
      while (bits !== 0) {
        const bin = (word << 5) + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        bins[occupied] = bin;
        for (let k = 0; k < classes; k++) {
          binWeight[occupied * classes + k] = histogram[bin * classes + k];
          histogram[bin * classes + k] = 0;
        }
        if (countRows) {
          this.#binRows[occupied] = this.#rowHistogram[bin];
          this.#rowHistogram[bin] = 0;
        }
        occupied++;
      }
    }
    return occupied;
  }

  /** Tries the split after each occupied bin, with missing values on one side. */
  #scan(feature: number, occupied: number, missingLeft: boolean): void {
    const rows = this.#end - this.#start;
    const classes = this.#classes;
    const bins = this.#bins;
    const binWeight = this.#binWeight;
    const classWeight = this.#classWeight;
    const left = this.#left;
    for (let k = 0; k < classes; k++) left[k] = 0;
    const total = this.weight;
    const minRows = this.#minSamplesLeaf;
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = 0;
    let leftRows = 0;
    for (let k = 0; k < classes; k++) rightSquares += classWeight[k] * classWeight[k];
    // With missing values left their bin, the last, comes first.
    const steps = missingLeft ? occupied - 1 : occupied;
    for (let step = missingLeft ? -1 : 0; step < steps - 1; step++) {
      const from = step < 0 ? occupied - 1 : step;
      for (let k = 0; k < classes; k++) {
        const moved = binWeight[from * classes + k];
        if (moved === 0) continue;
        leftSquares += moved * (2 * left[k] + moved);
        rightSquares += moved * (moved - 2 * (classWeight[k] - left[k]));
        left[k] += moved;
        leftWeight += moved;
      }
      leftRows += this.#binRows[from];
      if (step < 0) continue;
      if (minRows > 1 && (leftRows < minRows || rows - leftRows < minRows)) continue;
      const score = this.#entropy
        ? this.#partScore(left, leftWeight) + this.#restScore(left, total - leftWeight)
        : leftSquares / leftWeight + rightSquares / (total - leftWeight);
      if (score > this.score) {
        this.score = score;
        this.feature = feature;
        this.leftBin = bins[step];
        this.rightBin = bins[step + 1];
        this.missingLeft = missingLeft;
      }
    }
  }

  /** Weighted purity: Σ w²/W for Gini, Σ w log w − W log W for entropy. */
  #partScore(weights: Float64Array, total: number): number {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      sum += this.#entropy ? xLogX(weights[k]) : weights[k] * weights[k];
    }
    return this.#entropy ? sum - xLogX(total) : sum / total;
  }

  /** Weighted purity by entropy of the classes that `left` leaves over. */
  #restScore(left: Float64Array, total: number): number {
    let sum = -xLogX(total);
    for (let k = 0; k < left.length; k++) sum += xLogX(this.#classWeight[k] - left[k]);
    return sum;
  }
}

/** Weights are whole numbers and mostly small: their logarithms are looked up. */
const smallXLogX = Float64Array.from({ length: 4096 }, (_, x) => x > 0 ? x * Math.log(x) : 0);

function xLogX(x: number): number {
  return x < smallXLogX.length ? smallXLogX[x | 0] : x * Math.log(x);
}
