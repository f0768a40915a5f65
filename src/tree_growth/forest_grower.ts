/** Grows the trees of a random forest. */

import { Random } from "../base/mod.ts";
import type { Tree } from "../trees/mod.ts";
import {
  type BinnedMatrix,
  codes,
  highestFloat32,
  missingCode,
  thresholdBetween,
} from "./binning.ts";
import { type ClassLabels, ClassSplitter } from "./class_splitter.ts";
import { type CodeBlock, copyRows, localRows, type NodeRows } from "./code_block.ts";
import { drawRows, rowsWithWeight } from "./drawn_rows.ts";
import { MeanSplitter } from "./mean_splitter.ts";
import type { NodeSplitter } from "./node_splitter.ts";
import { TreeWriter } from "./tree_writer.ts";
import { wholeWeights } from "./whole_weights.ts";

/** Numbers to learn. */
export interface ForestValues {
  /** Target of each row, shape [rows]. */
  readonly values: Float64Array;
}

/** What the trees of a forest have in common: plain data that crosses to workers. */
export interface ForestSpec {
  /** The rows to learn from. */
  readonly binned: BinnedMatrix;
  /** The same bins row by row. */
  readonly byRow: Int32Array<SharedArrayBuffer>;
  /** What to learn. */
  readonly target: ClassLabels | ForestValues;
  /** Weight of each row, shape [rows]; 1 if it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Most edges between root and leaf; Infinity for no limit. */
  readonly maxDepth: number;
  /** Fewest rows of a node that is split. */
  readonly minSamplesSplit: number;
  /** Fewest rows of a leaf. */
  readonly minSamplesLeaf: number;
  /** Number of features drawn at each node. */
  readonly featuresPerNode: number;
  /** Whether each feature is cut at one random place. */
  readonly randomSplits: boolean;
  /** How many rows each tree draws with replacement; all rows once if it is left out. */
  readonly draws?: number;
}

/** A grown tree and the weighted impurity decrease that each feature brought. */
export interface GrownTree {
  /** The tree. */
  readonly tree: Tree;
  /** Impurity decrease by feature, shape [features]. */
  readonly gains: Float64Array;
}

/** What the nodes of one tree have in common. */
interface Growth {
  readonly random: Random;
  readonly gains: Float64Array;
  /** What a whole weight of 1 stands for. */
  readonly unit: number;
  /** Place of the block's first row among the rows of the tree. */
  readonly offset: number;
}

/** Bins and the rows that they belong to, in the order of the nodes. */
interface Block extends CodeBlock {
  readonly rows: NodeRows;
  /** The same bins row by row; those of a row begin at its offset times `wordsPerOffset`. */
  readonly byRow: Int32Array;
  readonly wordsPerOffset: number;
}

/** Grows one tree after another in the same memory. */
export class ForestGrower {
  readonly #splitter: NodeSplitter;
  readonly #writer: TreeWriter;
  readonly #eligible: Int32Array;
  readonly #words: number;
  readonly #blocks: readonly Block[];
  readonly #rows: Int32Array;
  readonly #scratch: NodeRows;
  readonly #drawn: Float64Array;
  readonly #weights: Int32Array;
  readonly #features: Int32Array;
  // Where a feature was constant in a node, the end of its rows. Nodes are grown from
  // left to right, so those that start before it are inside that node.
  readonly #constantUntil: Int32Array;

  /** Takes what the trees have in common. */
  constructor(private readonly spec: ForestSpec) {
    const { binned, target, sampleWeight, minSamplesLeaf } = spec;
    this.#splitter = "labels" in target
      ? new ClassSplitter(binned, target, minSamplesLeaf, spec.randomSplits)
      : new MeanSplitter(binned, target.values, minSamplesLeaf);
    this.#eligible = rowsWithWeight(binned.rows, sampleWeight);
    this.#writer = new TreeWriter(
      this.#eligible.length,
      "labels" in target ? target.classes : 1,
    );
    this.#words = Math.ceil(binned.columns / 4);
    this.#blocks = [
      {
        codes: binned.codes,
        columnStride: binned.rows,
        byRow: spec.byRow,
        wordsPerOffset: this.#words,
        rows: nodeRows(binned.rows),
      },
      ...localRows.map((rows) => localBlock(rows, this.#words)),
    ];
    this.#rows = new Int32Array(binned.rows);
    this.#scratch = nodeRows(binned.rows);
    this.#drawn = new Float64Array(sampleWeight ? binned.rows : 0);
    this.#weights = new Int32Array(binned.rows);
    this.#features = new Int32Array(binned.columns);
    this.#constantUntil = new Int32Array(binned.columns);
  }

  /** Grows the tree that belongs to `seed`. */
  grow(seed: number): GrownTree {
    const random = new Random(seed);
    const gains = new Float64Array(this.spec.binned.columns);
    for (let j = 0; j < this.#features.length; j++) this.#features[j] = j;
    this.#constantUntil.fill(0);
    if (this.spec.randomSplits) this.#splitter.random = random;
    drawRows(random, this.#eligible, this.spec.draws, this.#weights);
    const inBag = this.#collectRows();
    const unit = this.spec.sampleWeight ? this.#weighRows(this.spec.sampleWeight, inBag) : 1;
    const { rows } = this.#blocks[0];
    rows.offsets.set(this.#rows.subarray(0, inBag));
    this.#splitter.startTree(this.#rows, inBag, this.#weights, rows.carried);
    this.#growNodes(0, inBag, 0, { random, gains, unit, offset: 0 });
    return { tree: this.#writer.finish(), gains };
  }

  /** Grows the subtree of the first `count` rows of a block. */
  #growNodes(level: number, count: number, topDepth: number, growth: Growth): void {
    const { maxDepth, minSamplesSplit, minSamplesLeaf } = this.spec;
    const { random, gains, unit, offset } = growth;
    const splitter = this.#splitter;
    const writer = this.#writer;
    const block = this.#blocks[level];
    const { rows } = block;
    const inner = this.#blocks[level + 1]?.rows.offsets.length ?? 0;
    splitter.useBlock(block);
    // Nodes still to grow: start, end, depth, and the parent of a right child or −1.
    const waiting = [0, count, topDepth, -1];
    while (waiting.length > 0) {
      const parent = waiting.pop()!;
      const depth = waiting.pop()!;
      const end = waiting.pop()!;
      const start = waiting.pop()!;
      if (parent >= 0) writer.nextIsRightOf(parent);
      const size = end - start;
      if (size <= inner) {
        this.#copyInwards(level, start, end);
        this.#growNodes(level + 1, size, depth, { ...growth, offset: offset + start });
        splitter.useBlock(block);
        continue;
      }
      const pure = splitter.startNode(rows, start, end);
      const small = size < minSamplesSplit || size < 2 * minSamplesLeaf;
      if (!pure && !small && depth < maxDepth) {
        this.#findSplit(random, offset + start, offset + end);
      }
      const cover = splitter.weight * unit;
      if (splitter.feature < 0) {
        writer.leaf(splitter.leafValues(), cover);
        continue;
      }
      gains[splitter.feature] += splitter.score - splitter.nodeScore();
      const middle = this.#partition(block, start, end);
      const node = this.#writeSplit(middle - start > end - middle, cover);
      waiting.push(middle, end, depth + 1, node, start, middle, depth + 1, -1);
    }
  }

  /** Copies rows of a block to the front of the next smaller one. */
  #copyInwards(level: number, start: number, end: number): void {
    const { byRow, wordsPerOffset, rows: { offsets, carried } } = this.#blocks[level];
    const { byRow: local, rows } = this.#blocks[level + 1];
    copyRows(byRow, this.#words, offsets, wordsPerOffset, start, end, local);
    for (let i = 0; i < end - start; i++) {
      rows.offsets[i] = 4 * this.#words * i;
      rows.carried[i] = carried[start + i];
    }
  }

  /** Lists the rows in the bag and gives how many different ones there are. */
  #collectRows(): number {
    const rows = this.#rows;
    const weights = this.#weights;
    const eligible = this.#eligible;
    let count = 0;
    for (let i = 0; i < eligible.length; i++) {
      // Always written, sometimes kept: the processor cannot guess which row was drawn.
      rows[count] = eligible[i];
      count += Number(weights[eligible[i]] > 0);
    }
    return count;
  }

  /** Turns draws into whole weights; gives what a weight of 1 stands for. */
  #weighRows(sampleWeight: Float32Array, inBag: number): number {
    for (let i = 0; i < inBag; i++) {
      const row = this.#rows[i];
      this.#drawn[row] = this.#weights[row] * sampleWeight[row];
    }
    return wholeWeights(this.#drawn, this.#rows, inBag, this.#weights);
  }

  /**
   * Tries features in random order: as many as asked for, and on until one is
   * not constant in the node (scikit-learn counts constant ones the same way).
   */
  #findSplit(random: Random, start: number, end: number): void {
    const features = this.#features;
    const wanted = this.spec.featuresPerNode;
    let found = false;
    for (let i = 0; i < features.length && (i < wanted || !found); i++) {
      const drawn = i + random.int(features.length - i);
      const feature = features[drawn];
      features[drawn] = features[i];
      features[i] = feature;
      if (start < this.#constantUntil[feature]) continue;
      if (this.#splitter.tryFeature(feature)) found = true;
      else this.#constantUntil[feature] = end;
      if (this.#splitter.isPerfect()) break;
    }
  }

  /** Moves the rows that go left before the others, both in their order; gives the border. */
  #partition(
    { codes, columnStride, rows: { offsets, carried } }: Block,
    start: number,
    end: number,
  ): number {
    const { feature, leftBin, missingLeft, members } = this.#splitter;
    const { offsets: rightOffsets, carried: rightCarried } = this.#scratch;
    const base = feature * columnStride;
    // No code is −1.
    const missing = missingLeft ? missingCode : -1;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const offset = offsets[i];
      const carry = carried[i];
      const code = codes[base + offset];
      const goesLeft = members ? members[code] : Number(code <= leftBin) | Number(code === missing);
      // Both are written and one is kept: cheaper than a branch that is often mispredicted.
      offsets[left] = offset;
      carried[left] = carry;
      rightOffsets[right] = offset;
      rightCarried[right] = carry;
      left += goesLeft;
      right += 1 - goesLeft;
    }
    for (let i = 0; i < right; i++) {
      offsets[left + i] = rightOffsets[i];
      carried[left + i] = rightCarried[i];
    }
    return left;
  }

  #writeSplit(mostGoLeft: boolean, cover: number): number {
    const { feature, leftBin, rightBin, hasMissing, missingLeft, members } = this.#splitter;
    const { binned } = this.spec;
    if (members) {
      const { low } = binned;
      const categories = [...members.keys()].filter((bin) => members[bin])
        .map((bin) => low[feature * codes + bin]);
      return this.#writer.splitSet(feature, categories, cover);
    }
    const threshold = rightBin === missingCode
      ? highestFloat32
      : this.#splitter.threshold ?? thresholdBetween(binned, feature, leftBin, rightBin);
    // Where training rows had no missing value, a later one goes with the most rows.
    const missing = hasMissing ? missingLeft : mostGoLeft;
    return this.#writer.split(feature, threshold, missing, cover);
  }
}

function localBlock(rows: number, words: number): Block {
  const byRow = new Int32Array(rows * words);
  const codes = new Uint8Array(byRow.buffer);
  return { codes, columnStride: 1, byRow, wordsPerOffset: 1 / 4, rows: nodeRows(rows) };
}

function nodeRows(length: number): NodeRows {
  return { offsets: new Int32Array(length), carried: new Int32Array(length) };
}
