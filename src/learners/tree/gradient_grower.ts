/** Grows the trees of gradient boosting. */

import type { Tree } from "../../trees/mod.ts";
import { type BinnedMatrix, highestFloat32, thresholdBetween } from "./binning.ts";
import type { BundledRows } from "./bundling.ts";
import { type GradientHistogram, HistogramBuilder } from "./gradient_histogram.ts";
import {
  type GradientSplit,
  GradientSplitter,
  leafValue,
  type Regularisation,
} from "./gradient_splitter.ts";
import { TreeWriter } from "./tree_writer.ts";

/** What the trees of a boosting have in common. */
export interface BoostingSpec extends Regularisation {
  /** The rows to learn from, for thresholds. */
  readonly binned: BinnedMatrix;
  /** The same rows, for histograms. */
  readonly bundled: BundledRows;
  /** Most edges between root and leaf. */
  readonly maxDepth: number;
  /** Factor on leaf values. */
  readonly learningRate: number;
}

interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
}

/**
 * Grows one tree after another in the same memory, depth first: as long as
 * nothing limits the number of leaves, the order of splits does not change them.
 */
export class GradientTreeGrower {
  readonly #spec: BoostingSpec;
  readonly #histograms: HistogramBuilder;
  readonly #splitter: GradientSplitter;
  readonly #writer: TreeWriter;
  readonly #rows: Int32Array;
  readonly #scratch: Int32Array;
  readonly #leafValue = new Float32Array(1);

  /** Takes what the trees have in common. */
  constructor(spec: BoostingSpec) {
    const { rows } = spec.binned;
    this.#spec = spec;
    this.#histograms = new HistogramBuilder(spec.bundled);
    this.#splitter = new GradientSplitter(spec.bundled, this.#histograms.offsets, spec);
    this.#writer = new TreeWriter(Math.min(rows, 2 ** Math.min(spec.maxDepth, 30)), 1);
    this.#rows = new Int32Array(rows);
    this.#scratch = new Int32Array(rows);
  }

  /**
   * Grows a tree, adds its leaf values to the margins of the rows, and the gain
   * of each split to `gains`.
   *
   * @param gradients Gradient and hessian of each row, shape [rows × 2].
   * @param margins Score of each row, shape [rows].
   * @param gains Gain by feature, shape [features].
   */
  grow(gradients: Float32Array, margins: Float32Array, gains: Float64Array): Tree {
    const rows = this.#rows;
    let gradient = 0;
    let hessian = 0;
    for (let i = 0; i < rows.length; i++) {
      rows[i] = i;
      gradient += gradients[2 * i];
      hessian += gradients[2 * i + 1];
    }
    const histogram = this.#histograms.build(rows, 0, rows.length, gradients);
    const root = { start: 0, end: rows.length, depth: 0, gradient, hessian };
    this.#growNode(root, histogram, gradients, margins, gains);
    return this.#writer.finish();
  }

  /** Grows the subtree of `node`; `histogram` is missing at the last depth. */
  #growNode(
    node: Node,
    histogram: GradientHistogram | undefined,
    gradients: Float32Array,
    margins: Float32Array,
    gains: Float64Array,
  ): void {
    const { start, end, depth, gradient, hessian } = node;
    const split = histogram && this.#splitter.find(histogram, gradient, hessian);
    if (!split) {
      if (histogram) this.#histograms.release(histogram);
      this.#writeLeaf(node, margins);
      return;
    }
    const middle = this.#partition(split, start, end);
    const rightHessian = hessian - split.leftHessian;
    const column = this.#spec.bundled.slots[split.slot].columns[split.member];
    const parent = this.#writer.split(
      column,
      this.#threshold(split, column),
      // Where training rows had no missing value, a later one goes with the most weight.
      split.hasMissing ? split.missingLeft : split.leftHessian > rightHessian,
      hessian,
    );
    gains[column] += split.gain;
    const left = {
      ...{ start, end: middle, depth: depth + 1 },
      gradient: split.leftGradient,
      hessian: split.leftHessian,
    };
    const right = {
      ...{ start: middle, end, depth: depth + 1 },
      gradient: gradient - split.leftGradient,
      hessian: rightHessian,
    };
    const [ofLeft, ofRight] = this.#childHistograms(histogram, left, right, gradients);
    this.#growNode(left, ofLeft, gradients, margins, gains);
    this.#writer.nextIsRightOf(parent);
    this.#growNode(right, ofRight, gradients, margins, gains);
  }

  /** Reads the smaller child's rows only; the other's sums are what remains of the parent's. */
  #childHistograms(
    parent: GradientHistogram,
    left: Node,
    right: Node,
    gradients: Float32Array,
  ): [GradientHistogram?, GradientHistogram?] {
    if (left.depth === this.#spec.maxDepth) {
      this.#histograms.release(parent);
      return [];
    }
    const leftIsSmaller = left.end - left.start <= right.end - right.start;
    const { start, end } = leftIsSmaller ? left : right;
    const smaller = this.#histograms.build(this.#rows, start, end, gradients);
    this.#histograms.subtract(parent, smaller);
    return leftIsSmaller ? [smaller, parent] : [parent, smaller];
  }

  #writeLeaf({ start, end, gradient, hessian }: Node, margins: Float32Array): void {
    const value = this.#spec.learningRate * leafValue(gradient, hessian, this.#spec);
    this.#leafValue[0] = value;
    this.#writer.leaf(this.#leafValue, hessian);
    const rounded = this.#leafValue[0];
    for (let i = start; i < end; i++) margins[this.#rows[i]] += rounded;
  }

  #threshold({ bin, slot, hasMissing }: GradientSplit, column: number): number {
    const { binned, bundled } = this.#spec;
    const { columns, codes } = bundled.slots[slot];
    if (hasMissing && columns.length === 1 && bin === codes - 2) return highestFloat32;
    return thresholdBetween(binned, column, bin, bin + 1);
  }

  /** Moves the rows that go left before the others, both in their order; gives the border. */
  #partition(
    { slot, member, bin, missingLeft }: GradientSplit,
    start: number,
    end: number,
  ): number {
    const { codes, slots } = this.#spec.bundled;
    const { columns, codes: slotCodes, unusualBin } = slots[slot];
    const goesLeft = new Uint8Array(256);
    if (columns.length > 1) {
      // Bin 0 goes left: the unusual rows where that is the unusual bin, else the others.
      const unusualLeft = 1 - unusualBin[member];
      goesLeft.fill(1 - unusualLeft);
      goesLeft[member + 1] = unusualLeft;
    } else {
      goesLeft.fill(1, 0, bin + 1);
      goesLeft[slotCodes - 1] = missingLeft ? 1 : 0;
    }
    const rows = this.#rows;
    const scratch = this.#scratch;
    const width = slots.length;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const keep = goesLeft[codes[row * width + slot]];
      // Both are written and one is kept: cheaper than a branch that is often mispredicted.
      rows[left] = row;
      scratch[right] = row;
      left += keep;
      right += 1 - keep;
    }
    for (let i = 0; i < right; i++) rows[left + i] = scratch[i];
    return left;
  }
}
