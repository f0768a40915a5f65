/** Grows the trees of gradient boosting, level by level or by the best leaf. */

import type { Tree } from "../trees/mod.ts";
import { missingCode } from "./binning.ts";
import {
  batchSplits,
  blockRows,
  type BoostingMemory,
  foundWidth,
  partsOf,
  planWidth,
  searchedWidth,
} from "./boosting_memory.ts";
import { phases, planAt, treeAt } from "./boosting_work.ts";
import { furthestLeaf, logarithmic } from "./gradients.ts";
import { percentile } from "./percentile.ts";
import type { CrewLeader } from "./thread_team.ts";
import {
  bounded,
  leafGain,
  leafValue,
  type Penalties,
  penaltiesIn,
  type Regularisation,
} from "./gradient_scores.ts";
import { type GrownNode, type GrownSplit, leavesOf, writeTree } from "./grown_tree.ts";
import { gradientOf, hessianOf, type PackedUnits, packedUnits } from "./packed_gradients.ts";
import { TreeWriter } from "./tree_writer.ts";

/** Limits of trees and leaves. */
export interface GrowthLimits extends Regularisation {
  /** Fewest rows of a leaf, judged by its share of the hessian, as LightGBM does. */
  readonly minDataInLeaf: number;
  /** Factor on leaf values. */
  readonly learningRate: number;
}

/** Grows one tree after another in the same memory. */
export class GradientTreeGrower {
  readonly #memory: BoostingMemory;
  readonly #crew: CrewLeader;
  readonly #limits: GrowthLimits;
  readonly #writer: TreeWriter;
  readonly #freeHistograms: number[] = [];
  #units: PackedUnits = { gradient: 1, hessian: 1 };
  #nodes = 0;

  /** Takes the memory, the threads that work on it and the limits. */
  constructor(memory: BoostingMemory, crew: CrewLeader, limits: GrowthLimits) {
    this.#memory = memory;
    this.#crew = crew;
    this.#limits = limits;
    this.#writer = new TreeWriter(memory.leaves.length, 1);
  }

  /** Computes gradients of all outputs from the scores, for the rows that `seed` draws. */
  computeGradients(seed: number): void {
    this.#memory.tree[treeAt.seed] = seed;
    this.#crew.run(phases.gradients, this.#blocks);
  }

  /**
   * Grows a tree for an output, adds its leaf values to the scores of the rows,
   * and the gain of each split to `gains`, shape [columns].
   */
  grow(output: number, gains: Float64Array): Tree {
    const { lanes, nodeHistograms } = this.#memory;
    this.#startTree(output);
    this.#crew.run(phases.pack, this.#blocks);
    this.#crew.run(phases.start, lanes);
    this.#freeHistograms.length = 0;
    for (let h = nodeHistograms - 1; h >= 0; h--) this.#freeHistograms.push(h);
    this.#nodes = 1;
    const root = this.#root();
    this.#searchAll([[root]]);
    if (this.#memory.numLeaves < Infinity) this.#growBestFirst(root);
    else this.#growByLevels(root);
    return this.#finish(root, gains);
  }

  get #blocks(): number {
    return Math.ceil(this.#memory.binned.rows / blockRows);
  }

  #startTree(output: number): void {
    const { blockSums, tree } = this.#memory;
    let gradients = 0;
    let hessians = 0;
    for (let block = 0; block < this.#blocks; block++) {
      gradients += blockSums[2 * (output * this.#blocks + block)];
      hessians += blockSums[2 * (output * this.#blocks + block) + 1];
    }
    this.#units = packedUnits(gradients, hessians);
    const penalties = penaltiesIn(this.#units, this.#limits);
    tree[treeAt.output] = output;
    tree[treeAt.gradientUnit] = this.#units.gradient;
    tree[treeAt.hessianUnit] = this.#units.hessian;
    tree[treeAt.lambda] = penalties.lambda;
    tree[treeAt.alpha] = penalties.alpha;
    const { catSmooth = 0, catL2 = 0 } = this.#memory.categories ?? {};
    tree[treeAt.smooth] = catSmooth / this.#units.hessian;
    tree[treeAt.leastHessian] = Math.max(1, this.#limits.minChildWeight / this.#units.hessian);
    tree[treeAt.orderedLambda] = penalties.lambda + catL2 / this.#units.hessian;
  }

  #root(): GrownNode {
    const sum = this.#memory.packedSums.reduce((total, both) => total + both, 0);
    return this.#node(0, 0, sum, [-Infinity, Infinity], false);
  }

  #node(
    id: number,
    depth: number,
    sum: number,
    [lowest, highest]: readonly [number, number],
    ordered: boolean,
  ): GrownNode {
    const { minChildWeight, minDataInLeaf } = this.#limits;
    const perRow = hessianOf(sum) / (this.#rowsOf(id) * this.#memory.subsample);
    const minHessian = Math.max(
      1,
      minChildWeight / this.#units.hessian,
      minDataInLeaf > 1 ? (minDataInLeaf - 0.5) * perRow : 0,
    );
    return { id, depth, sum, minHessian, perRow, lowest, highest, ordered, histogram: -1 };
  }

  #rowsOf(id: number): number {
    const { ranges, lanes } = this.#memory;
    let rows = 0;
    for (let at = 2 * id * lanes; at < 2 * (id + 1) * lanes; at += 2) {
      rows += ranges[at + 1] - ranges[at];
    }
    return rows;
  }

  /** Depth first in batches: without a limit of leaves the order changes nothing. */
  #growByLevels(root: GrownNode): void {
    const open = root.split ? [root] : [];
    while (open.length > 0) {
      const batch = open.splice(-batchSplits);
      this.#splitAll(batch, true);
      for (const { children } of batch) open.push(...children!.filter(({ split }) => split));
    }
  }

  /** The leaf of the highest gain first, of equal ones the older. */
  #growBestFirst(root: GrownNode): void {
    const open = root.split ? [root] : [];
    const { numLeaves } = this.#memory;
    for (let leaves = 2; open.length > 0 && leaves <= numLeaves; leaves++) {
      let best = 0;
      for (let i = 1; i < open.length; i++) {
        if (open[i].split!.gain > open[best].split!.gain) best = i;
      }
      const [node] = open.splice(best, 1);
      this.#splitAll([node], leaves < numLeaves);
      open.push(...node.children!.filter(({ split }) => split));
    }
  }

  /** Splits nodes and, where their children may be split further, searches those. */
  #splitAll(batch: readonly GrownNode[], further: boolean): void {
    const { lanes, plan } = this.#memory;
    batch.forEach((node, s) => {
      const at = s * planWidth;
      plan[at + planAt.node] = node.id;
      plan[at + planAt.left] = this.#nodes++;
      plan[at + planAt.right] = this.#nodes++;
      plan[at + planAt.column] = node.split!.column;
      this.#planSides(node.split!, s);
    });
    this.#crew.run(phases.partition, batch.length * lanes);
    const searched: GrownNode[][] = [];
    batch.forEach((node, s) => {
      const children = this.#childrenOf(node, s);
      node.children = children;
      const splittable = (child: GrownNode) =>
        child.depth < this.#memory.maxDepth && hessianOf(child.sum) >= 2 * child.minHessian;
      if (further && children.some(splittable)) {
        const [left, right] = children;
        const leftIsSmaller = this.#rowsOf(left.id) <= this.#rowsOf(right.id);
        const pair = leftIsSmaller ? [left, right] : [right, left];
        pair[1].histogram = node.histogram;
        searched.push(pair);
      } else {
        this.#freeHistograms.push(node.histogram);
      }
    });
    this.#searchAll(searched);
  }

  #planSides({ column, bin, missing, members }: GrownSplit, s: number): void {
    const goesLeft = this.#memory.goesLeft.subarray(256 * s, 256 * (s + 1)).fill(0);
    if (members) {
      for (const member of members) goesLeft[member] = 1;
      return;
    }
    goesLeft.fill(1, 0, bin + 1);
    if (this.#memory.binned.hasMissing[column]) goesLeft[missingCode] = missing;
  }

  #childrenOf(node: GrownNode, s: number): [GrownNode, GrownNode] {
    const { monotone, plan } = this.#memory;
    const { depth, sum, lowest, highest } = node;
    const { left, column, ordered } = node.split!;
    const leftId = plan[s * planWidth + planAt.left];
    const rightId = plan[s * planWidth + planAt.right];
    const direction = monotone ? monotone[column] : 0;
    if (direction === 0) {
      return [
        this.#node(leftId, depth + 1, left, [lowest, highest], ordered),
        this.#node(rightId, depth + 1, sum - left, [lowest, highest], ordered),
      ];
    }
    // Whatever grows below, neither side may pass the middle of both values.
    const middle = (this.#value(left, node) + this.#value(sum - left, node)) / 2;
    const low = [lowest, middle] as const;
    const high = [middle, highest] as const;
    const [ofLeft, ofRight] = direction > 0 ? [low, high] : [high, low];
    return [
      this.#node(leftId, depth + 1, left, ofLeft, false),
      this.#node(rightId, depth + 1, sum - left, ofRight, false),
    ];
  }

  /** The value of a leaf in packed units, within the node's bounds. */
  #value(sum: number, node: GrownNode): number {
    const penalties = penaltiesIn(this.#units, this.#limits);
    return bounded(leafValue(gradientOf(sum), hessianOf(sum), penalties), node);
  }

  /**
   * Builds the histogram of the first node of each pair from its rows, that of
   * the second from the parent's, which it has, and seeks the best splits.
   */
  #searchAll(pairs: readonly (readonly GrownNode[])[]): void {
    const { lanes, plan, jobs } = this.#memory;
    let jobCount = 0;
    for (let s = 0; s < pairs.length; s++) {
      const at = s * planWidth;
      const [built, other] = pairs[s];
      built.histogram = this.#freeHistograms.pop()!;
      plan[at + planAt.built] = built.id;
      plan[at + planAt.histogram] = built.histogram;
      plan[at + planAt.parent] = other ? other.histogram : -1;
      const together = lanes === 1 || this.#rowsOf(built.id) < minSharedRows;
      plan[at + planAt.lanes] = together ? 1 : lanes;
      for (let lane = together ? -1 : 0; lane < (together ? 0 : lanes); lane++) {
        jobs[2 * jobCount] = s;
        jobs[2 * jobCount + 1] = lane;
        jobCount++;
      }
      this.#writeSearched(built, 2 * s);
      if (other) this.#writeSearched(other, 2 * s + 1);
    }
    this.#crew.run(phases.histogram, jobCount);
    this.#crew.run(phases.search, pairs.length * partsOf(lanes));
    for (let s = 0; s < pairs.length; s++) {
      pairs[s].forEach((node, child) => this.#takeBest(node, 2 * s + child));
    }
  }

  #writeSearched({ sum, minHessian, perRow, lowest, highest }: GrownNode, place: number): void {
    const { searched } = this.#memory;
    const at = searchedWidth * place;
    searched[at] = sum;
    searched[at + 1] = minHessian;
    searched[at + 2] = perRow;
    searched[at + 3] = lowest;
    searched[at + 4] = highest;
  }

  /** Of the best splits of the parts the best one, if it pays. */
  #takeBest(node: GrownNode, place: number): void {
    const { binned, found, lanes, maxDepth } = this.#memory;
    const parts = partsOf(lanes);
    let best = foundWidth * parts * place;
    for (let part = 1; part < parts; part++) {
      const at = foundWidth * (parts * place + part);
      const equal = found[at] === found[best];
      if (found[at] > found[best] || (equal && found[at + 1] < found[best + 1])) best = at;
    }
    const [score, column, bin] = [found[best], found[best + 1], found[best + 2]];
    const [missing, left, ordered] = [found[best + 3], found[best + 4], found[best + 5]];
    const value = this.#value(node.sum, node);
    const penalties = penaltiesIn(this.#units, this.#limits);
    const without = leafGain(gradientOf(node.sum), hessianOf(node.sum), value, penalties);
    const gain = (score - Math.fround(without)) * this.#units.gradient ** 2 / this.#units.hessian;
    if (node.depth < maxDepth && gain > this.#memory.leastGain && gain >= this.#limits.gamma) {
      // Where training rows had no missing value, a later one goes with the most weight.
      const heavier = hessianOf(left) > hessianOf(node.sum - left) ? 1 : 0;
      const members = binned.categorical[column]
        ? binsIn(found.subarray(best + 6, best + foundWidth))
        : undefined;
      node.split = {
        ...{ gain, column, bin, missing: missing < 0 ? heavier : missing, left, members },
        ordered: members !== undefined && ordered === 1,
      };
    } else {
      this.#freeHistograms.push(node.histogram);
    }
  }

  /** Sets leaf values, updates the scores and writes the tree down. */
  #finish(root: GrownNode, gains: Float64Array): Tree {
    const { leaves, leafValues, leafSums, lanes } = this.#memory;
    const nodes = leavesOf(root);
    nodes.forEach(({ id }, leaf) => leaves[leaf] = id);
    if (nodes.length < leaves.length) leaves[nodes.length] = -1;
    this.#crew.run(phases.leafSums, lanes);
    const { gradient: g, hessian: h } = this.#units;
    const { regLambda, regAlpha } = this.#limits;
    const ofOrdered = regLambda + (this.#memory.categories?.catL2 ?? 0);
    const hessians = nodes.map(({ lowest, highest, ordered }, leaf) => {
      let gradient = 0;
      let hessian = 0;
      for (let at = 2 * leaf * lanes; at < 2 * (leaf + 1) * lanes; at += 2) {
        gradient += leafSums[at];
        hessian += leafSums[at + 1];
      }
      const penalties: Penalties = { lambda: ordered ? ofOrdered : regLambda, alpha: regAlpha };
      // Bounds are in packed units of gradient / hessian.
      const best = this.#memory.loss.kind === "quantile"
        ? this.#quantileOf(nodes[leaf].id)
        : leafValue(gradient, hessian, penalties);
      const reach = logarithmic(this.#memory.loss.kind) ? furthestLeaf : Infinity;
      const value = Math.min(
        Math.max(best, lowest * g / h, -reach),
        highest * g / h,
        reach,
      );
      leafValues[leaf] = this.#limits.learningRate * value;
      return hessian;
    });
    this.#crew.run(phases.margins, lanes);
    return writeTree(root, this.#writer, this.#memory.binned, { leafValues, hessians, gains });
  }

  /**
   * The quantile of what is left of the targets of a node's rows, those not
   * drawn left out: a step by gradients, which are the same for all errors of a
   * sign, would not know how far to go.
   *
   * Source: LightGBM, `RenewTreeOutput`.
   */
  #quantileOf(id: number): number {
    const { gradients, order, ranges, lanes, targets, margins, weights, loss } = this.#memory;
    const rest: number[] = [];
    const counted: number[] = [];
    for (let at = 2 * id * lanes; at < 2 * (id + 1) * lanes; at += 2) {
      for (let i = ranges[at]; i < ranges[at + 1]; i++) {
        const row = order[i];
        // The hessian is the weight, 0 for a row that was not drawn.
        if (gradients[2 * row + 1] === 0) continue;
        rest.push(targets[row] - margins[row]);
        counted.push(gradients[2 * row + 1]);
      }
    }
    if (rest.length === 0) return 0;
    const share = loss.alpha ?? 0.5;
    return percentile(Float64Array.from(rest), share, weights && Float64Array.from(counted));
  }
}

/** Fewer rows than this are not worth a histogram for each lane. */
const minSharedRows = 4096;

/** The bins of a set. */
function binsIn(words: Float64Array): number[] {
  return Array.from({ length: 32 * words.length }, (_, bin) => bin)
    .filter((bin) => (words[bin >> 5] >>> (bin & 31) & 1) === 1);
}
