/** Grows the trees of a random forest. */

import { Random } from "../../base/mod.ts";
import type { Tree } from "../../trees/mod.ts";
import { type BinnedMatrix, highestFloat32, missingCode, thresholdBetween } from "./binning.ts";
import { ClassSplitter, type Criterion } from "./class_splitter.ts";
import { roundShares } from "./leaf_shares.ts";
import { TreeWriter } from "./tree_writer.ts";
import { wholeWeights } from "./whole_weights.ts";

/** What the trees of a forest have in common: plain data that crosses to workers. */
export interface ForestSpec {
  /** The rows to learn from. */
  readonly binned: BinnedMatrix;
  /** Class of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Weight of each row, shape [rows]; 1 where it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Number of classes. */
  readonly classes: number;
  /** Measure of impurity. */
  readonly criterion: Criterion;
  /** Most edges between root and leaf; Infinity for no limit. */
  readonly maxDepth: number;
  /** Fewest rows of a node that is split. */
  readonly minSamplesSplit: number;
  /** Fewest rows of a leaf. */
  readonly minSamplesLeaf: number;
  /** Number of features drawn at each node. */
  readonly featuresPerNode: number;
  /** Whether each tree draws its own rows with replacement. */
  readonly bootstrap: boolean;
  /** Leaf shares are multiples of 1 / shareUnits, a power of two. */
  readonly shareUnits: number;
}

/** A grown tree and the weighted impurity decrease that each feature brought. */
export interface GrownClassTree {
  /** The tree. */
  readonly tree: Tree;
  /** Impurity decrease by feature, shape [features]. */
  readonly gains: Float64Array;
}

/** Grows one tree after another in the same memory. */
export class ClassTreeGrower {
  readonly #spec: ForestSpec;
  readonly #splitter: ClassSplitter;
  readonly #writer: TreeWriter;
  readonly #eligible: Int32Array;
  readonly #rows: Int32Array;
  readonly #scratch: Int32Array;
  readonly #drawn: Float64Array;
  readonly #weights: Int32Array;
  readonly #features: Int32Array;
  readonly #shares: Float64Array;

  /** Takes what the trees have in common. */
  constructor(spec: ForestSpec) {
    const { binned, labels, sampleWeight, classes } = spec;
    this.#spec = spec;
    this.#splitter = new ClassSplitter(
      binned,
      labels,
      classes,
      spec.criterion,
      spec.minSamplesLeaf,
    );
    this.#eligible = Int32Array.from(labels.keys()).filter((row) =>
      sampleWeight ? sampleWeight[row] > 0 : true
    );
    this.#writer = new TreeWriter(this.#eligible.length, classes);
    this.#rows = new Int32Array(binned.rows);
    this.#scratch = new Int32Array(binned.rows);
    this.#drawn = new Float64Array(binned.rows);
    this.#weights = new Int32Array(binned.rows);
    this.#features = new Int32Array(binned.columns);
    this.#shares = new Float64Array(classes);
  }

  /** Grows the tree that belongs to `seed`. */
  grow(seed: number): GrownClassTree {
    const { maxDepth, minSamplesSplit, minSamplesLeaf } = this.#spec;
    const random = new Random(seed);
    const splitter = this.#splitter;
    const writer = this.#writer;
    const rows = this.#rows;
    const gains = new Float64Array(this.#spec.binned.columns);
    for (let j = 0; j < this.#features.length; j++) this.#features[j] = j;
    const inBag = this.#drawRows(random);
    const unit = wholeWeights(this.#drawn, rows, inBag, this.#weights);
    splitter.startTree(rows, inBag, this.#weights);
    // Nodes still to grow: start, end, depth, and the parent of a right child or −1.
    const waiting = [0, inBag, 0, -1];
    while (waiting.length > 0) {
      const parent = waiting.pop()!;
      const depth = waiting.pop()!;
      const end = waiting.pop()!;
      const start = waiting.pop()!;
      if (parent >= 0) writer.nextIsRightOf(parent);
      const pure = splitter.startNode(rows, start, end);
      const size = end - start;
      const small = size < minSamplesSplit || size < 2 * minSamplesLeaf;
      if (!pure && !small && depth < maxDepth) this.#findSplit(random, start, end);
      const cover = splitter.weight * unit;
      if (splitter.feature < 0) {
        roundShares(splitter.classWeight, splitter.weight, this.#spec.shareUnits, this.#shares);
        writer.leaf(this.#shares, cover);
        continue;
      }
      gains[splitter.feature] += splitter.score - splitter.nodeScore();
      const middle = this.#partition(start, end);
      const node = this.#writeSplit(middle - start > end - middle, cover);
      waiting.push(middle, end, depth + 1, node, start, middle, depth + 1, -1);
    }
    return { tree: writer.finish(), gains };
  }

  /** Draws rows with replacement (or takes all) and gives how many different ones there are. */
  #drawRows(random: Random): number {
    const { bootstrap, sampleWeight } = this.#spec;
    const eligible = this.#eligible;
    const drawn = this.#drawn.fill(0);
    for (let i = 0; i < eligible.length; i++) {
      drawn[eligible[bootstrap ? random.int(eligible.length) : i]]++;
    }
    let count = 0;
    for (let i = 0; i < eligible.length; i++) {
      const row = eligible[i];
      if (drawn[row] === 0) continue;
      if (sampleWeight) drawn[row] *= sampleWeight[row];
      this.#rows[count++] = row;
    }
    return count;
  }

  /**
   * Tries features in random order: as many as asked for, and on until one is
   * not constant in the node (scikit-learn counts constant ones the same way).
   */
  #findSplit(random: Random, start: number, end: number): void {
    const features = this.#features;
    const wanted = this.#spec.featuresPerNode;
    let found = false;
    for (let i = 0; i < features.length && (i < wanted || !found); i++) {
      const drawn = i + random.int(features.length - i);
      const feature = features[drawn];
      features[drawn] = features[i];
      features[i] = feature;
      if (this.#splitter.tryFeature(feature, this.#rows, start, end)) found = true;
    }
  }

  /** Moves the rows that go left before the others, both in their order; gives the border. */
  #partition(start: number, end: number): number {
    const { feature, leftBin, missingLeft } = this.#splitter;
    const { codes, rows: stride } = this.#spec.binned;
    const base = feature * stride;
    const rows = this.#rows;
    const scratch = this.#scratch;
    // The missing code is the highest; one step around the byte makes it the lowest.
    const turn = missingLeft ? 1 : 0;
    const limit = leftBin + turn;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const goesLeft = Number(((codes[base + row] + turn) & 255) <= limit);
      // Both are written and one is kept: cheaper than a branch that is often mispredicted.
      rows[left] = row;
      scratch[right] = row;
      left += goesLeft;
      right += 1 - goesLeft;
    }
    for (let i = 0; i < right; i++) rows[left + i] = scratch[i];
    return left;
  }

  #writeSplit(mostGoLeft: boolean, cover: number): number {
    const { feature, leftBin, rightBin, hasMissing, missingLeft } = this.#splitter;
    const { binned } = this.#spec;
    const threshold = rightBin === missingCode
      ? highestFloat32
      : thresholdBetween(binned, feature, leftBin, rightBin);
    // Where training rows had no missing value, a later one goes with the most rows.
    const missing = hasMissing ? missingLeft : mostGoLeft;
    return this.#writer.split(feature, threshold, missing, cover);
  }
}
