/** The best split of a node by Gini impurity or entropy of its classes. */

import { type BinnedMatrix, missingCode } from "./binning.ts";
import { maxPackedClasses, PackedClasses } from "./packed_classes.ts";

/** How the mixture of classes in a node is measured. */
export type Criterion = "gini" | "entropy";

/** Codes with room for every bin and the missing value. */
const codes = 256;

/**
 * Looks for the best split of one node at a time. Weights are whole numbers, so
 * sums are exact and do not depend on the order of rows.
 *
 * Source: scikit-learn's `BestSplitter`, on histograms of bins instead of
 * sorted values.
 */
export class ClassSplitter {
  /** Total weight of each class in the node, shape [classes]. */
  readonly classWeight: Float64Array;
  /** Total weight of the node. */
  weight = 0;
  /** Feature of the best split so far, −1 where there is none. */
  feature = -1;
  /** Last occupied bin that goes left. */
  leftBin = 0;
  /** First occupied bin that goes right, {@link missingCode} where only missing values do. */
  rightBin = 0;
  /** Whether the node has missing values of the feature. */
  hasMissing = false;
  /** Whether missing values go left, where the node has any. */
  missingLeft = false;
  /** Score of the best split, greater is purer; comparable with {@link nodeScore}. */
  score = -Infinity;

  readonly #binned: BinnedMatrix;
  readonly #labels: Int32Array;
  readonly #classes: number;
  readonly #entropy: boolean;
  readonly #minSamplesLeaf: number;

  #weights: Int32Array;
  // The node's rows, in order, so that all features read them in sequence.
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
  readonly #packed?: PackedClasses;
  #canPack = false;
  #loaded = false;

  /** Takes what stays the same for all nodes; `minSamplesLeaf` counts rows, not weight. */
  constructor(
    binned: BinnedMatrix,
    labels: Int32Array,
    classes: number,
    criterion: Criterion,
    minSamplesLeaf: number,
  ) {
    this.#binned = binned;
    this.#labels = labels;
    this.#classes = classes;
    this.#entropy = criterion === "entropy";
    this.#minSamplesLeaf = minSamplesLeaf;
    this.classWeight = new Float64Array(classes);
    this.#weights = new Int32Array(0);
    this.#nodeLabel = new Int32Array(binned.rows);
    this.#nodeWeight = new Int32Array(binned.rows);
    this.#histogram = new Int32Array(codes * classes);
    this.#binWeight = new Int32Array(codes * classes);
    this.#left = new Float64Array(classes);
    if (classes <= maxPackedClasses && criterion === "gini" && minSamplesLeaf === 1) {
      this.#packed = new PackedClasses(binned, classes);
    }
  }

  /** Starts a tree on the first `count` of `rows`, whose weights are at `weights[row]`. */
  startTree(rows: Int32Array, count: number, weights: Int32Array): void {
    this.#weights = weights;
    this.#canPack = this.#packed?.startTree(rows, count, this.#labels, weights) ?? false;
  }

  /** Starts a node of `rows[start]` to `rows[end − 1]`; gives whether all are of one class. */
  startNode(rows: Int32Array, start: number, end: number): boolean {
    const classWeight = this.classWeight;
    this.feature = -1;
    this.score = -Infinity;
    this.#loaded = false;
    if (this.#canPack) {
      this.weight = this.#packed!.startNode(rows, start, end, classWeight);
    } else {
      this.#loadRows(rows, start, end);
      for (let k = 0; k < classWeight.length; k++) classWeight[k] = 0;
      let total = 0;
      for (let i = 0; i < end - start; i++) {
        classWeight[this.#nodeLabel[i]] += this.#nodeWeight[i];
        total += this.#nodeWeight[i];
      }
      this.weight = total;
    }
    return classWeight[this.#labels[rows[start]]] === this.weight;
  }

  #loadRows(rows: Int32Array, start: number, end: number): void {
    const labels = this.#labels;
    const weights = this.#weights;
    const nodeLabel = this.#nodeLabel;
    const nodeWeight = this.#nodeWeight;
    for (let i = start; i < end; i++) {
      nodeLabel[i - start] = labels[rows[i]];
      nodeWeight[i - start] = weights[rows[i]];
    }
    this.#loaded = true;
  }

  /** The score of the node without a split. */
  nodeScore(): number {
    return this.#partScore(this.classWeight, this.weight);
  }

  /**
   * Tries all splits of the node on `feature` and keeps the best of all
   * features; of equally good ones the first. Gives false where the feature is
   * constant in the node.
   */
  tryFeature(feature: number, rows: Int32Array, start: number, end: number): boolean {
    if (this.#canPack && this.#binned.hasMissing[feature] === 0) {
      const binary = this.#binned.bins[feature] === 2;
      if (binary || this.#packed!.wholeNode) {
        return this.#tryPacked(this.#packed!, feature, binary, rows, start);
      }
    }
    if (!this.#loaded) this.#loadRows(rows, start, end);
    this.#fillHistogram(feature, rows, start, end);
    const occupied = this.#collectBins();
    if (occupied < 2) return false;
    const hasMissing = this.#bins[occupied - 1] === missingCode;
    const before = this.score;
    this.#scan(feature, occupied, false, end - start);
    if (hasMissing && occupied > 2) this.#scan(feature, occupied, true, end - start);
    if (this.score > before) this.hasMissing = hasMissing;
    return true;
  }

  #tryPacked(
    packed: PackedClasses,
    feature: number,
    binary: boolean,
    rows: Int32Array,
    start: number,
  ): boolean {
    const varies = binary
      ? packed.tryBinary(feature, rows, start)
      : packed.tryFeature(feature, rows, start);
    if (varies && packed.score > this.score) {
      this.score = packed.score;
      this.feature = feature;
      this.leftBin = packed.leftBin;
      this.rightBin = packed.rightBin;
      this.hasMissing = false;
      this.missingLeft = false;
    }
    return varies;
  }

  #fillHistogram(feature: number, rows: Int32Array, start: number, end: number): void {
    const { codes, rows: stride } = this.#binned;
    const classes = this.#classes;
    const base = feature * stride;
    const nodeLabel = this.#nodeLabel;
    const nodeWeight = this.#nodeWeight;
    const histogram = this.#histogram;
    const touched = this.#touched;
    const count = end - start;
    for (let i = 0; i < count; i++) {
      const bin = codes[base + rows[start + i]];
      histogram[bin * classes + nodeLabel[i]] += nodeWeight[i];
      touched[bin >> 5] |= 1 << bin;
    }
    if (this.#minSamplesLeaf > 1) {
      for (let i = start; i < end; i++) this.#rowHistogram[codes[base + rows[i]]]++;
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
  #scan(feature: number, occupied: number, missingLeft: boolean, rows: number): void {
    const classes = this.#classes;
    const bins = this.#bins;
    const binWeight = this.#binWeight;
    const classWeight = this.classWeight;
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
    for (let k = 0; k < left.length; k++) sum += xLogX(this.classWeight[k] - left[k]);
    return sum;
  }
}

function xLogX(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
