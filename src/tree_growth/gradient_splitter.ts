/** The best split of a node by second-order gain. */

import type { Kernels, ScanOptions } from "../kernels/mod.ts";
import type { BundledRows } from "./bundling.ts";
import { type CategoryLimits, CategorySplitter, setWords } from "./category_gradients.ts";
import {
  bounded,
  leafGain,
  leafValue,
  type Penalties,
  type SearchedNode,
} from "./gradient_scores.ts";
import { gradientUnit, hessianOf } from "./packed_gradients.ts";

/** What a tree's search takes from its units beside the node. */
export interface SearchPenalties extends Penalties {
  /** `catSmooth` in units of the hessian. */
  readonly smooth: number;
  /** L2 penalty of leaves below an ordered set of categories. */
  readonly orderedLambda: number;
  /** Least hessian of a leaf whose rows are counted. */
  readonly leastHessian: number;
}

/** How splits are sought beside the layout of histograms. */
export interface SearchOptions {
  /** Of each column −1, 0 or 1, if any is constrained. */
  readonly monotone?: Int8Array;
  /** How categories are split, if any column holds them. */
  readonly categories?: CategoryLimits;
  /** Kernels on the memory of the histograms; plain loops give the same. */
  readonly kernels?: Kernels;
}

/**
 * Finds the best split among some slots of a node's histogram, in XGBoost's
 * order and with its rules for ties: gains are compared as Float32, and of equal
 * ones the lowest column wins, then the lowest bin with missing values right,
 * then the highest with missing values left.
 *
 * Source: Chen and Guestrin (2016), "XGBoost", algorithms 1 and 3; for monotone
 * constraints the method that XGBoost has and LightGBM calls "basic".
 */
export class GradientSplitter {
  /** Loss saved by both sides of the best split, twice over, in packed units; −Infinity for none. */
  score = -Infinity;
  column!: number;
  /** Last bin that goes left; every bin where only missing values go right. */
  bin!: number;
  /** 1 if missing values go left, 0 if they go right, −1 if the node has none. */
  missing!: number;
  /** Packed sum of the left side. */
  left!: number;
  /** Bins that go left if the column holds categories, a bit for each. */
  readonly members = new Int32Array(setWords);
  /** Whether that set was found by the order of the categories. */
  ordered!: boolean;

  readonly #bundled: BundledRows;
  readonly #monotone: Int8Array | undefined;
  readonly #categories?: CategorySplitter;
  readonly #kernels?: Kernels;
  #penalties!: Penalties;
  #scanned!: ScanOptions;
  #node!: SearchedNode;

  /** Takes the layout of histograms. */
  constructor(bundled: BundledRows, { monotone, categories, kernels }: SearchOptions = {}) {
    this.#bundled = bundled;
    this.#monotone = monotone;
    // Kernels know no bounds of values.
    this.#kernels = monotone ? undefined : kernels;
    if (categories) this.#categories = new CategorySplitter(categories);
  }

  /**
   * Searches slots `from` to `to − 1`.
   *
   * @param allowed 1 for each column that may be used, shape [columns].
   */
  search(
    histogram: Float64Array,
    from: number,
    to: number,
    node: SearchedNode,
    penalties: SearchPenalties,
    allowed: Uint8Array,
  ): void {
    if (!this.#begins(node, penalties)) return;
    const { slots, offsets } = this.#bundled;
    for (let slot = from; slot < to; slot++) {
      const { columns, unusualBin, categorical } = slots[slot];
      const first = offsets[slot];
      const end = offsets[slot + 1] - 1;
      if (columns.length > 1) {
        for (let member = 0; member < columns.length; member++) {
          this.#tryMember(
            histogram[first + member + 1],
            columns[member],
            unusualBin[member],
            allowed,
          );
        }
      } else if (!allowed[columns[0]]) {
        continue;
      } else if (categorical) {
        this.#tryCategories(histogram, first, end, columns[0], penalties);
      } else {
        const hasMissing = histogram[end] !== 0;
        this.#tryRising(histogram, first, end, columns[0], hasMissing);
        if (hasMissing) this.#tryFalling(histogram, first, end, columns[0]);
      }
    }
  }

  /** Takes a node, and gives false if it cannot be split: no two sides have enough. */
  #begins(node: SearchedNode, penalties: SearchPenalties): boolean {
    this.score = -Infinity;
    this.#node = node;
    this.#penalties = penalties;
    const { lambda, alpha } = penalties;
    this.#scanned = { sum: node.sum, leastHessian: node.minHessian, lambda, alpha };
    return this.#categories !== undefined || hessianOf(node.sum) >= 2 * node.minHessian;
  }

  /** A bundled column, by the sum of its unusual rows: the usual ones are the node's others. */
  #tryMember(unusual: number, column: number, unusualBin: number, allowed: Uint8Array): void {
    if (unusual === 0 || !allowed[column]) return;
    this.#try(unusualBin === 0 ? unusual : this.#node.sum - unusual, column, 0, -1);
  }

  #tryCategories(
    histogram: Float64Array,
    first: number,
    end: number,
    column: number,
    plain: SearchPenalties,
  ): void {
    const categories = this.#categories!;
    const { smooth, leastHessian } = plain;
    const ordered = { lambda: plain.orderedLambda, alpha: plain.alpha };
    const penalties = { plain, ordered, smooth, leastHessian };
    categories.search(histogram, first, end, this.#node, penalties);
    const { score, left } = categories;
    if (score > this.score || (score === this.score && score > -Infinity && column < this.column)) {
      this.#keep(score, column, 0, 0, left);
      this.members.set(categories.members);
      this.ordered = categories.ordered;
    }
  }

  /** From the first bin up, with the missing values on the right. */
  #tryRising(
    histogram: Float64Array,
    first: number,
    end: number,
    column: number,
    hasMissing: boolean,
  ): void {
    const missing = hasMissing ? 0 : -1;
    const last = hasMissing ? end : end - 1;
    const kernels = this.#kernels;
    if (kernels) {
      const { score, column: before } = this;
      const at = kernels.scan(
        histogram,
        first,
        last,
        this.#scanned,
        score,
        column < before,
        true,
      );
      if (at >= 0) this.#keep(kernels.score, column, at - first, missing, kernels.left);
      return;
    }
    if (this.#monotone || this.#penalties.alpha > 0) {
      for (let at = first, left = 0; at < last; at++) {
        left += histogram[at];
        if (histogram[at] !== 0) this.#try(left, column, at - first, missing);
      }
      return;
    }
    // What most fits run through, without calls.
    const { sum, minHessian } = this.#node;
    const { lambda } = this.#penalties;
    const perUnit = 1 / gradientUnit;
    const gradient = Math.floor(sum * perUnit);
    const hessian = sum - gradient * gradientUnit;
    const mostLeft = hessian - minHessian;
    let best = this.score;
    let bestAt = -1;
    let bestLeft = 0;
    // An equal score of an earlier column is not beaten.
    const wins = column < this.column;
    // Lower numbers cannot be rounded up to the best.
    let nearBest = best * (1 - 2 ** -22);
    let left = 0;
    for (let at = first; at < last; at++) {
      // An empty bin moves no row and scores as the one before, which is kept: to look whether a
      // bin is empty takes longer, as that is hard to foresee.
      left += histogram[at];
      const leftGradient = Math.floor(left * perUnit);
      const leftHessian = left - leftGradient * gradientUnit;
      if (leftHessian < minHessian) continue;
      if (leftHessian > mostLeft) break;
      const rightGradient = gradient - leftGradient;
      const leftDivisor = leftHessian + lambda;
      const rightDivisor = hessian - leftHessian + lambda;
      // Both quotients over one denominator, and that only for what may win: a division takes as
      // long as all the rest.
      const numerator = leftGradient * leftGradient * rightDivisor +
        rightGradient * rightGradient * leftDivisor;
      const denominator = leftDivisor * rightDivisor;
      if (numerator < nearBest * denominator) continue;
      const score = Math.fround(numerator / denominator);
      if (score > best || (score === best && wins && bestAt < 0)) {
        nearBest = score * (1 - 2 ** -22);
        best = score;
        bestAt = at;
        bestLeft = left;
      }
    }
    if (bestAt >= 0) {
      this.#keep(best, column, bestAt - first, missing, bestLeft);
    }
  }

  /** From the last bin down, with the missing values on the left. */
  #tryFalling(histogram: Float64Array, first: number, end: number, column: number): void {
    const { sum } = this.#node;
    const kernels = this.#kernels;
    if (kernels) {
      const { score, column: before } = this;
      const at = kernels.scan(
        histogram,
        first + 1,
        end,
        this.#scanned,
        score,
        column < before,
        false,
      );
      if (at >= 0) this.#keep(kernels.score, column, at - first - 1, 1, kernels.left);
      return;
    }
    for (let at = end - 1, right = 0; at > first; at--) {
      right += histogram[at];
      if (histogram[at] !== 0) this.#try(sum - right, column, at - first - 1, 1);
    }
  }

  #try(left: number, column: number, bin: number, missing: number): void {
    const node = this.#node;
    const penalties = this.#penalties;
    const right = node.sum - left;
    const leftGradient = Math.floor(left / gradientUnit);
    const leftHessian = left - leftGradient * gradientUnit;
    const rightGradient = Math.floor(right / gradientUnit);
    const rightHessian = right - rightGradient * gradientUnit;
    if (leftHessian < node.minHessian || rightHessian < node.minHessian) return;
    let leftValue = leafValue(leftGradient, leftHessian, penalties);
    let rightValue = leafValue(rightGradient, rightHessian, penalties);
    if (this.#monotone) {
      leftValue = bounded(leftValue, node);
      rightValue = bounded(rightValue, node);
      if ((rightValue - leftValue) * this.#monotone[column] < 0) return;
    }
    const score = Math.fround(
      leafGain(leftGradient, leftHessian, leftValue, penalties) +
        leafGain(rightGradient, rightHessian, rightValue, penalties),
    );
    if (score > this.score || (score === this.score && column < this.column)) {
      this.#keep(score, column, bin, missing, left);
    }
  }

  #keep(score: number, column: number, bin: number, missing: number, left: number): void {
    this.score = score;
    this.column = column;
    this.bin = bin;
    this.missing = missing;
    this.left = left;
  }
}
