/** The best split of a node by second-order gain. */

import type { BundledRows } from "./bundling.ts";
import { type CategoryLimits, CategorySplitter, setWords } from "./category_gradients.ts";
import {
  bounded,
  leafGain,
  leafValue,
  type Penalties,
  type SearchedNode,
} from "./gradient_scores.ts";
import { gradientUnit } from "./packed_gradients.ts";

/** What a tree's search takes from its units beside the node. */
export interface SearchPenalties extends Penalties {
  /** `catSmooth` in units of the hessian. */
  readonly smooth: number;
  /** L2 penalty of leaves below an ordered set of categories. */
  readonly orderedLambda: number;
  /** Least hessian of a leaf whose rows are counted. */
  readonly leastHessian: number;
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
  /** Its column. */
  column = 0;
  /** Last bin that goes left; every bin where only missing values go right. */
  bin = 0;
  /** 1 if missing values go left, 0 if they go right, −1 if the node has none. */
  missing = -1;
  /** Packed sum of the left side. */
  left = 0;
  /** Bins that go left if the column holds categories, a bit for each. */
  readonly members = new Int32Array(setWords);
  /** Whether that set was found by the order of the categories. */
  ordered = false;

  readonly #bundled: BundledRows;
  readonly #monotone: Int8Array | undefined;
  readonly #categories?: CategorySplitter;
  #penalties: Penalties = { lambda: 0, alpha: 0 };
  #node: SearchedNode = { sum: 0, minHessian: 1, perRow: 1, lowest: -Infinity, highest: Infinity };

  /**
   * Takes the layout of histograms, of each column −1, 0 or 1 if any is
   * constrained, and how categories are split if any column holds them.
   */
  constructor(bundled: BundledRows, monotone?: Int8Array, categories?: CategoryLimits) {
    this.#bundled = bundled;
    this.#monotone = monotone;
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
    this.score = -Infinity;
    this.#node = node;
    this.#penalties = penalties;
    const { slots, offsets } = this.#bundled;
    for (let slot = from; slot < to; slot++) {
      const { columns, unusualBin, categorical } = slots[slot];
      if (columns.length > 1) {
        for (let member = 0; member < columns.length; member++) {
          if (!allowed[columns[member]]) continue;
          // The usual rows are those of the node without the unusual ones.
          const unusual = histogram[offsets[slot] + member + 1];
          if (unusual === 0) continue;
          const left = unusualBin[member] === 0 ? unusual : node.sum - unusual;
          this.#try(left, columns[member], 0, -1);
        }
      } else if (categorical) {
        if (!allowed[columns[0]]) continue;
        this.#tryCategories(histogram, offsets[slot], offsets[slot + 1] - 1, columns[0], penalties);
      } else if (allowed[columns[0]]) {
        const first = offsets[slot];
        const missing = histogram[offsets[slot + 1] - 1];
        this.#tryRising(histogram, first, offsets[slot + 1] - 1, columns[0], missing !== 0);
        if (missing !== 0) this.#tryFalling(histogram, first, offsets[slot + 1] - 1, columns[0]);
      }
    }
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
    if (this.#monotone || this.#penalties.alpha > 0) {
      const last = hasMissing ? end : end - 1;
      for (let at = first, left = 0; at < last; at++) {
        left += histogram[at];
        if (histogram[at] !== 0) this.#try(left, column, at - first, hasMissing ? 0 : -1);
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
    const last = hasMissing ? end : end - 1;
    let best = this.score;
    // Lower numbers cannot be rounded up to the best.
    let nearBest = best * (1 - 2 ** -23);
    let left = 0;
    for (let at = first; at < last; at++) {
      const both = histogram[at];
      // Empty bins move no row, so the split is the one before.
      if (both === 0) continue;
      left += both;
      const leftGradient = Math.floor(left * perUnit);
      const leftHessian = left - leftGradient * gradientUnit;
      if (leftHessian < minHessian) continue;
      if (leftHessian > mostLeft) break;
      const rightGradient = gradient - leftGradient;
      const leftDivisor = leftHessian + lambda;
      const rightDivisor = hessian - leftHessian + lambda;
      // Both quotients over one denominator: a division takes as long as all the rest.
      const precise = (leftGradient * leftGradient * rightDivisor +
        rightGradient * rightGradient * leftDivisor) / (leftDivisor * rightDivisor);
      if (precise < nearBest) continue;
      const score = Math.fround(precise);
      if (score > best || (score === best && column < this.column)) {
        nearBest = score * (1 - 2 ** -23);
        best = score;
        this.#keep(score, column, at - first, hasMissing ? 0 : -1, left);
      }
    }
  }

  /** From the last bin down, with the missing values on the left. */
  #tryFalling(histogram: Float64Array, first: number, end: number, column: number): void {
    const { sum } = this.#node;
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
