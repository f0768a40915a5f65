/** The best set of categories for one side of a node, by second-order gain. */

import { CategoryOrder } from "./category_order.ts";
import {
  bounded,
  leafGain,
  leafValue,
  type Penalties,
  type SearchedNode,
} from "./gradient_scores.ts";
import { gradientOf, hessianOf } from "./packed_gradients.ts";

/** How sets of categories are sought, named and set as LightGBM's. */
export interface CategoryLimits {
  /** Rows that a category needs to be in a set, and what its hessian is raised by in the order. */
  readonly catSmooth: number;
  /** L2 penalty on leaf values beside the other, if a set was found by the order. */
  readonly catL2: number;
  /** Most categories in such a set. */
  readonly maxCatThreshold: number;
  /** Up to so many categories, the missing one counted, a set holds one category. */
  readonly maxCatToOnehot: number;
  /** Fewest rows by which one set differs from the one tried before, and of the right side. */
  readonly minDataPerGroup: number;
  /** Fewest rows of a leaf. */
  readonly minDataInLeaf: number;
}

/** What the units of a tree make of penalties and limits. */
export interface CategoryPenalties {
  /** Penalties of leaves below one category and the rest. */
  readonly plain: Penalties;
  /** Penalties of leaves below a set found by the order. */
  readonly ordered: Penalties;
  /** `catSmooth`. */
  readonly smooth: number;
  /** Least hessian of a leaf. */
  readonly leastHessian: number;
}

/** Words of a set of bins. */
export const setWords = 8;

/**
 * Finds the set whose rows go left, all other rows and missing values to the
 * right. Of few categories each is tried against the rest. More are sorted by
 * gradient / (hessian + smoothing), in which order the best of all sets is a
 * first or a last part (Fisher, 1958); up to half of the categories are taken
 * from both ends.
 *
 * Source: LightGBM, `FindBestThresholdCategoricalInner`; rows are counted by
 * their share of the hessian, as there. LightGBM leaves a column out below a
 * node where none of its splits pays; here every node is searched.
 */
export class CategorySplitter {
  /** Loss saved by both sides, twice over, in packed units; −Infinity for none. */
  score = -Infinity;
  /** Packed sum of the left side. */
  left = 0;
  /** Whether the set was found by the order. */
  ordered = false;
  /** Bins in the set, a bit for each. */
  readonly members = new Int32Array(setWords);

  readonly #order = new CategoryOrder();
  readonly #bins = new Int32Array(32 * setWords);
  #node: SearchedNode = { sum: 0, minHessian: 1, perRow: 1, lowest: -Infinity, highest: Infinity };

  constructor(private readonly limits: CategoryLimits) {}

  /**
   * Searches a column's bins, which are at `first` to `end − 1` of the histogram.
   *
   * @param penalties In packed units.
   */
  search(
    histogram: Float64Array,
    first: number,
    end: number,
    node: SearchedNode,
    penalties: CategoryPenalties,
  ): void {
    this.score = -Infinity;
    this.#node = node;
    this.ordered = end - first >= this.limits.maxCatToOnehot;
    if (this.ordered) this.#tryOrdered(histogram, first, end, penalties);
    else this.#tryEach(histogram, first, end, penalties.plain);
  }

  #tryEach(histogram: Float64Array, first: number, end: number, penalties: Penalties): void {
    const { sum, minHessian } = this.#node;
    for (let at = first; at < end; at++) {
      const least = Math.min(hessianOf(histogram[at]), hessianOf(sum - histogram[at]));
      if (least < minHessian) continue;
      const score = this.#scoreOf(histogram[at], penalties);
      if (score <= this.score) continue;
      this.score = score;
      this.left = histogram[at];
      this.members.fill(0);
      this.members[(at - first) >> 5] = 1 << ((at - first) & 31);
    }
  }

  #tryOrdered(
    histogram: Float64Array,
    first: number,
    end: number,
    { ordered, smooth, leastHessian }: CategoryPenalties,
  ): void {
    const { catSmooth, maxCatThreshold, minDataPerGroup, minDataInLeaf } = this.limits;
    const { sum, perRow } = this.#node;
    const { keys, order } = this.#order;
    const rowsOf = (packed: number) => Math.floor(hessianOf(packed) / perRow + 0.5);
    let count = 0;
    for (let at = first; at < end; at++) {
      const packed = histogram[at];
      if (packed === 0 || rowsOf(packed) < catSmooth) continue;
      keys[count] = gradientOf(packed) / (hessianOf(packed) + smooth);
      this.#bins[count++] = at - first;
    }
    this.#order.sort(count);
    const most = Math.min(maxCatThreshold, (count + 1) >> 1);
    const rows = rowsOf(sum);
    let best = 0;
    let bestFromEnd = false;
    for (const fromEnd of [false, true]) {
      let left = 0;
      let leftRows = 0;
      let grouped = 0;
      for (let i = 0; i < most; i++) {
        const packed = histogram[first + this.#bins[order[fromEnd ? count - 1 - i : i]]];
        left += packed;
        leftRows += rowsOf(packed);
        grouped += rowsOf(packed);
        if (leftRows < minDataInLeaf || hessianOf(left) < leastHessian) continue;
        const rightRows = rows - leftRows;
        if (rightRows < Math.max(minDataInLeaf, minDataPerGroup)) break;
        if (hessianOf(sum - left) < leastHessian) break;
        if (grouped < minDataPerGroup) continue;
        grouped = 0;
        const score = this.#scoreOf(left, ordered);
        if (score <= this.score) continue;
        this.score = score;
        this.left = left;
        best = i + 1;
        bestFromEnd = fromEnd;
      }
    }
    if (best === 0) return;
    this.members.fill(0);
    for (let i = 0; i < best; i++) {
      const bin = this.#bins[order[bestFromEnd ? count - 1 - i : i]];
      this.members[bin >> 5] |= 1 << (bin & 31);
    }
  }

  /** What both sides save, as Float32 like other gains. */
  #scoreOf(left: number, penalties: Penalties): number {
    const node = this.#node;
    const right = node.sum - left;
    const saved = (side: number) => {
      const [gradient, hessian] = [gradientOf(side), hessianOf(side)];
      const value = bounded(leafValue(gradient, hessian, penalties), node);
      return leafGain(gradient, hessian, value, penalties);
    };
    return Math.fround(saved(left) + saved(right));
  }
}
