/** The best split of a node by second-order gain. */

import type { BundledRows } from "./bundling.ts";
import type { GradientHistogram } from "./gradient_histogram.ts";

/** Limits of the leaves, named as XGBoost's. */
export interface Regularisation {
  /** L2 penalty on leaf values. */
  readonly regLambda: number;
  /** L1 penalty on leaf values. */
  readonly regAlpha: number;
  /** Least gain of a split. */
  readonly gamma: number;
  /** Least hessian sum of a leaf. */
  readonly minChildWeight: number;
}

/** A split of one column, with the sums of the left side. */
export interface GradientSplit {
  /** How much the split lowers the loss, twice over, as XGBoost counts. */
  readonly gain: number;
  /** The slot that the column is in, and its place among the slot's columns. */
  readonly slot: number;
  readonly member: number;
  /** Last bin that goes left; every bin where only missing values go right. */
  readonly bin: number;
  /** Whether the node has missing values of the column, and whether they go left. */
  readonly hasMissing: boolean;
  readonly missingLeft: boolean;
  /** Sums of gradient and hessian on the left. */
  readonly leftGradient: number;
  readonly leftHessian: number;
}

/** A smaller gain counts as none: it is what rounding leaves (XGBoost's kRtEps). */
const leastGain = 1e-6;

/** The value of a leaf of these sums, before the learning rate. */
export function leafValue(gradient: number, hessian: number, limits: Regularisation): number {
  return -shrink(gradient, limits.regAlpha) / (hessian + limits.regLambda);
}

/** What a leaf of these sums lowers the loss by, twice over. */
function leafGain(gradient: number, hessian: number, limits: Regularisation): number {
  const shrunk = shrink(gradient, limits.regAlpha);
  return shrunk * shrunk / (hessian + limits.regLambda);
}

/** Soft thresholding by the L1 penalty. */
function shrink(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

/**
 * Finds the best split of a node from its histogram, in XGBoost's order and
 * with its rules for ties: gains are compared as Float32, so that sums that
 * differ only by rounding are equal, and of equal ones the lowest column wins,
 * then the lowest bin with missing values right, then the highest with missing
 * values left.
 *
 * Source: Chen and Guestrin (2016), "XGBoost", algorithms 1 and 3.
 */
export class GradientSplitter {
  readonly #bundled: BundledRows;
  readonly #offsets: Int32Array;
  readonly #limits: Regularisation;
  // The best split so far, in fields: an object for each candidate would cost.
  #score = 0;
  #column = 0;
  #slot = 0;
  #member = 0;
  #bin = 0;
  #hasMissing = false;
  #missingLeft = false;
  #leftGradient = 0;
  #leftHessian = 0;

  /** Takes the layout of the histograms and the limits of the leaves. */
  constructor(bundled: BundledRows, offsets: Int32Array, limits: Regularisation) {
    this.#bundled = bundled;
    this.#offsets = offsets;
    this.#limits = limits;
  }

  /** The best split of a node with these sums, undefined where none pays. */
  find(
    histogram: GradientHistogram,
    gradient: number,
    hessian: number,
  ): GradientSplit | undefined {
    this.#score = -Infinity;
    this.#bundled.slots.forEach(({ columns }, slot) => {
      if (columns.length === 1) this.#tryColumn(histogram, slot, gradient, hessian);
      else this.#tryBundle(histogram, slot, gradient, hessian);
    });
    const gain = this.#score - Math.fround(leafGain(gradient, hessian, this.#limits));
    if (!(gain > leastGain && gain >= this.#limits.gamma)) return undefined;
    return {
      gain,
      slot: this.#slot,
      member: this.#member,
      bin: this.#bin,
      hasMissing: this.#hasMissing,
      missingLeft: this.#missingLeft,
      leftGradient: this.#leftGradient,
      leftHessian: this.#leftHessian,
    };
  }

  #tryColumn(
    histogram: GradientHistogram,
    slot: number,
    gradient: number,
    hessian: number,
  ): void {
    const { regLambda, regAlpha, minChildWeight } = this.#limits;
    const { columns, codes } = this.#bundled.slots[slot];
    const column = columns[0];
    const first = 2 * this.#offsets[slot];
    const missing = first + 2 * (codes - 1);
    const hasMissing = histogram[missing + 1] !== 0;
    const bins = codes - 1;
    let best = this.#score;
    let left = 0;
    let leftHessian = 0;
    for (let bin = 0; bin < (hasMissing ? bins : bins - 1); bin++) {
      left += histogram[first + 2 * bin];
      leftHessian += histogram[first + 2 * bin + 1];
      const rightHessian = hessian - leftHessian;
      if (leftHessian < minChildWeight) continue;
      if (rightHessian < minChildWeight) break;
      const right = gradient - left;
      const leftShrunk = regAlpha === 0 ? left : shrink(left, regAlpha);
      const rightShrunk = regAlpha === 0 ? right : shrink(right, regAlpha);
      const score = Math.fround(
        leftShrunk * leftShrunk / (leftHessian + regLambda) +
          rightShrunk * rightShrunk / (rightHessian + regLambda),
      );
      if (score > best || (score === best && column < this.#column)) {
        best = score;
        this.#keep(score, column, slot, 0, bin, hasMissing, false, left, leftHessian);
      }
    }
    if (hasMissing) this.#tryMissingLeft(histogram, slot, gradient, hessian);
  }

  /** From the last bin down, with the missing values on the left. */
  #tryMissingLeft(
    histogram: GradientHistogram,
    slot: number,
    gradient: number,
    hessian: number,
  ): void {
    const { minChildWeight } = this.#limits;
    const { columns, codes } = this.#bundled.slots[slot];
    const first = 2 * this.#offsets[slot];
    let right = 0;
    let rightHessian = 0;
    for (let bin = codes - 2; bin > 0; bin--) {
      right += histogram[first + 2 * bin];
      rightHessian += histogram[first + 2 * bin + 1];
      const left = gradient - right;
      const leftHessian = hessian - rightHessian;
      if (rightHessian < minChildWeight) continue;
      if (leftHessian < minChildWeight) break;
      const score = this.#splitScore(left, leftHessian, right, rightHessian);
      if (score > this.#score || (score === this.#score && columns[0] < this.#column)) {
        this.#keep(score, columns[0], slot, 0, bin - 1, true, true, left, leftHessian);
      }
    }
  }

  /** Each column of a bundle against the rest of the rows. */
  #tryBundle(
    histogram: GradientHistogram,
    slot: number,
    gradient: number,
    hessian: number,
  ): void {
    const { minChildWeight } = this.#limits;
    const { columns, unusualBin } = this.#bundled.slots[slot];
    for (let member = 0; member < columns.length; member++) {
      const at = 2 * (this.#offsets[slot] + member + 1);
      const unusual = histogram[at];
      const unusualHessian = histogram[at + 1];
      const usualHessian = hessian - unusualHessian;
      if (unusualHessian < minChildWeight || usualHessian < minChildWeight) continue;
      const score = this.#splitScore(
        unusual,
        unusualHessian,
        gradient - unusual,
        usualHessian,
      );
      const column = columns[member];
      if (score > this.#score || (score === this.#score && column < this.#column)) {
        const [left, leftHessian] = unusualBin[member] === 0
          ? [unusual, unusualHessian]
          : [gradient - unusual, usualHessian];
        this.#keep(score, column, slot, member, 0, false, false, left, leftHessian);
      }
    }
  }

  #splitScore(left: number, leftHessian: number, right: number, rightHessian: number): number {
    return Math.fround(
      leafGain(left, leftHessian, this.#limits) + leafGain(right, rightHessian, this.#limits),
    );
  }

  #keep(
    score: number,
    column: number,
    slot: number,
    member: number,
    bin: number,
    hasMissing: boolean,
    missingLeft: boolean,
    leftGradient: number,
    leftHessian: number,
  ): void {
    this.#score = score;
    this.#column = column;
    this.#slot = slot;
    this.#member = member;
    this.#bin = bin;
    this.#hasMissing = hasMissing;
    this.#missingLeft = missingLeft;
    this.#leftGradient = leftGradient;
    this.#leftHessian = leftHessian;
  }
}
