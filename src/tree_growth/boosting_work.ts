/** The phases of growing a boosted tree, in items that any thread can do. */

import { deriveSeed, type Task, task } from "../base/mod.ts";
import { Kernels } from "../kernels/mod.ts";
import { lossOf } from "./gradients.ts";
import {
  batchSplits,
  blockRows,
  type BoostingMemory,
  foundWidth,
  partsOf,
  planWidth,
  searchedWidth,
} from "./boosting_memory.ts";
import { helpCrew, type PhaseWork } from "./thread_team.ts";
import { type AddToHistogram, histogramKernel } from "./gradient_histogram.ts";
import type { SearchedNode } from "./gradient_scores.ts";
import { GradientSplitter } from "./gradient_splitter.ts";
import { packRows } from "./packed_gradients.ts";

/** The phases and what an item of each is. */
export const phases = {
  /** Gradients of all outputs, and their sums; an item is a block of rows. */
  gradients: 0,
  /** Packed gradients of the tree's output; an item is a block of rows. */
  pack: 1,
  /** All rows into the root; an item is a lane. */
  start: 2,
  /** Rows to the children of the batch's splits; an item is a split in a lane. */
  partition: 3,
  /** Histograms of the smaller children; an item is a job. */
  histogram: 4,
  /** Histograms of both children and their best splits; an item is a split's part of the slots. */
  search: 5,
  /** Exact sums of the leaves; an item is a lane. */
  leafSums: 6,
  /** Leaf values onto the scores; an item is a lane. */
  margins: 7,
} as const;

/** Places of a split in the plan. */
export const planAt = {
  /** The node that is split and its children. */
  node: 0,
  left: 1,
  right: 2,
  /** The column that decides. */
  column: 3,
  /** The child whose rows are read. */
  built: 4,
  /** Histogram to build, and the parent's, which becomes the other child's; −1 at the root. */
  histogram: 5,
  parent: 6,
  /** How many lanes have a part of the histogram. */
  lanes: 7,
} as const;

/** Places of the tree's numbers. */
export const treeAt = {
  output: 0,
  gradientUnit: 1,
  hessianUnit: 2,
  lambda: 3,
  alpha: 4,
  /** Seed of the rows that the round draws. */
  seed: 5,
  /** What orders of categories smooth by, and the L2 penalty of their leaves. */
  smooth: 6,
  orderedLambda: 7,
  /** Least hessian of a leaf whose rows are counted. */
  leastHessian: 8,
  /** The round, where threads grow whole trees. */
  round: 9,
} as const;

/** A helper of a fit: it works until the leader closes the crew. */
export const helpBoostingTask: Task<
  { readonly memory: BoostingMemory; readonly control: Int32Array<SharedArrayBuffer> },
  void
> = task(
  import.meta.url,
  "helpBoostingTask",
  ({ memory, control }) => helpCrew(control, boostingWork(memory)),
);

/** The work on some memory: each thread has its own splitter and shares the rest. */
export function boostingWork(memory: BoostingMemory): PhaseWork {
  const loss = lossOf(memory.loss);
  const { bundled, monotone, categories } = memory;
  const kernels = memory.kernels && new Kernels(memory.kernels);
  const splitter = new GradientSplitter(bundled, { monotone, categories, kernels });
  const addToHistogram = histogramKernel(bundled.offsets);
  const { rows } = memory.binned;
  const blocks = Math.ceil(rows / blockRows);
  return (phase, item) => {
    const from = item * blockRows;
    const to = Math.min(from + blockRows, rows);
    switch (phase) {
      case phases.gradients:
        loss.gradients(memory.margins, memory.targets, memory.weights, memory.gradients, from, to);
        if (memory.subsample < 1) dropRows(memory, from, to);
        return sumBlock(memory, item, blocks, from, to);
      case phases.pack:
        return packBlock(memory, item, from, to);
      case phases.start:
        return startLane(memory, item);
      case phases.partition:
        return partition(memory, Math.floor(item / memory.lanes), item % memory.lanes);
      case phases.histogram:
        return buildHistogram(
          memory,
          addToHistogram,
          memory.jobs[2 * item],
          memory.jobs[2 * item + 1],
        );
      case phases.search:
        return search(memory, splitter, kernels, item);
      case phases.leafSums:
        return sumLeaves(memory, item);
      case phases.margins:
        return addLeaves(memory, item);
    }
  };
}

/**
 * Takes the gradients of the rows that are not drawn away, as XGBoost does:
 * such a row moves through the tree and counts for nothing.
 */
function dropRows(
  { gradients, base, binned, subsample, tree }: BoostingMemory,
  from: number,
  to: number,
) {
  const seed = tree[treeAt.seed];
  for (let i = from; i < to; i++) {
    if (deriveSeed(seed, i) < subsample * 2 ** 32) continue;
    for (let k = 0; k < base.length; k++) {
      gradients.fill(0, 2 * (k * binned.rows + i), 2 * (k * binned.rows + i) + 2);
    }
  }
}

/** Blocks are summed apart, so that the sum is the same for any number of threads. */
function sumBlock(memory: BoostingMemory, block: number, blocks: number, from: number, to: number) {
  const { gradients, blockSums, base, binned } = memory;
  for (let k = 0; k < base.length; k++) {
    let gradient = 0;
    let hessian = 0;
    for (let at = 2 * (k * binned.rows + from); at < 2 * (k * binned.rows + to); at += 2) {
      gradient += Math.abs(gradients[at]);
      hessian += gradients[at + 1];
    }
    blockSums[2 * (k * blocks + block)] = gradient;
    blockSums[2 * (k * blocks + block) + 1] = hessian;
  }
}

function packBlock(memory: BoostingMemory, block: number, from: number, to: number): void {
  const { gradients, packed, packedSums, binned, tree } = memory;
  const first = 2 * tree[treeAt.output] * binned.rows;
  const ofOutput = gradients.subarray(first, first + 2 * binned.rows);
  const units = { gradient: tree[treeAt.gradientUnit], hessian: tree[treeAt.hessianUnit] };
  packedSums[block] = packRows(ofOutput, packed, from, to, units);
}

function startLane({ order, ranges, lanes, binned }: BoostingMemory, lane: number): void {
  const start = Math.floor(lane * binned.rows / lanes);
  const end = Math.floor((lane + 1) * binned.rows / lanes);
  for (let i = start; i < end; i++) order[i] = i;
  ranges[2 * lane] = start;
  ranges[2 * lane + 1] = end;
}

/** Moves a node's rows that go left before the others, both in their order. */
function partition(memory: BoostingMemory, split: number, lane: number): void {
  const { order, scratch, ranges, lanes, plan, binned } = memory;
  const at = split * planWidth;
  const rangeOf = (child: number) => 2 * (plan[at + child] * lanes + lane);
  const goesLeft = memory.goesLeft.subarray(256 * split, 256 * (split + 1));
  const first = plan[at + planAt.column] * binned.rows;
  const codes = binned.codes.subarray(first, first + binned.rows);
  const start = ranges[rangeOf(planAt.node)];
  const end = ranges[rangeOf(planAt.node) + 1];
  let left = start;
  let right = start;
  for (let i = start; i < end; i++) {
    const row = order[i];
    const keep = goesLeft[codes[row]];
    // Both are written and one is kept: cheaper than a branch that is often mispredicted.
    order[left] = row;
    scratch[right] = row;
    left += keep;
    right += 1 - keep;
  }
  order.set(scratch.subarray(start, right), left);
  ranges[rangeOf(planAt.left)] = start;
  ranges[rangeOf(planAt.left) + 1] = left;
  ranges[rangeOf(planAt.right)] = left;
  ranges[rangeOf(planAt.right) + 1] = end;
}

/** The histogram of one lane of a split's smaller child, or of all lanes together. */
function buildHistogram(
  memory: BoostingMemory,
  addToHistogram: AddToHistogram,
  split: number,
  lane: number,
): void {
  const { bundled, packed, order, ranges, lanes, plan } = memory;
  const node = plan[split * planWidth + planAt.built];
  const histogram = histogramAt(memory, histogramOf(memory, split, Math.max(lane, 0))).fill(0);
  for (let l = lane < 0 ? 0 : lane; l < (lane < 0 ? lanes : lane + 1); l++) {
    const range = 2 * (node * lanes + l);
    const [start, end] = [ranges[range], ranges[range + 1]];
    addToHistogram(histogram, bundled.codes, packed, order, start, end);
  }
}

function histogramOf(
  { plan, nodeHistograms }: BoostingMemory,
  split: number,
  lane: number,
): number {
  if (lane === 0) return plan[split * planWidth + planAt.histogram];
  return nodeHistograms + (lane - 1) * batchSplits + split;
}

function histogramAt({ histograms, bundled }: BoostingMemory, index: number): Float64Array {
  const width = bundled.offsets[bundled.slots.length];
  return histograms.subarray(index * width, (index + 1) * width);
}

/** Completes a part of both children's histograms and searches it. */
function search(
  memory: BoostingMemory,
  splitter: GradientSplitter,
  kernels: Kernels | undefined,
  item: number,
): void {
  const { plan, lanes, bundled, tree, searched, found, allowed } = memory;
  const parts = partsOf(lanes);
  const split = Math.floor(item / parts);
  const part = item % parts;
  const { offsets, slots } = bundled;
  const from = Math.floor(part * slots.length / parts);
  const to = Math.floor((part + 1) * slots.length / parts);
  const at = split * planWidth;
  const built = histogramAt(memory, plan[at + planAt.histogram]);
  for (let lane = 1; lane < plan[at + planAt.lanes]; lane++) {
    const share = histogramAt(memory, histogramOf(memory, split, lane));
    for (let c = offsets[from]; c < offsets[to]; c++) built[c] += share[c];
  }
  const histograms = [built];
  if (plan[at + planAt.parent] >= 0) {
    const parent = histogramAt(memory, plan[at + planAt.parent]);
    if (kernels) {
      const part = (of: Float64Array) => of.subarray(offsets[from], offsets[to]);
      kernels.subtract(part(parent), part(built));
    } else for (let c = offsets[from]; c < offsets[to]; c++) parent[c] -= built[c];
    histograms.push(parent);
  }
  const penalties = {
    lambda: tree[treeAt.lambda],
    alpha: tree[treeAt.alpha],
    smooth: tree[treeAt.smooth],
    orderedLambda: tree[treeAt.orderedLambda],
    leastHessian: tree[treeAt.leastHessian],
  };
  histograms.forEach((histogram, child) => {
    const s = searchedWidth * (2 * split + child);
    const node: SearchedNode = {
      ...{ sum: searched[s], minHessian: searched[s + 1], perRow: searched[s + 2] },
      ...{ lowest: searched[s + 3], highest: searched[s + 4] },
    };
    splitter.search(histogram, from, to, node, penalties, allowed);
    const f = foundWidth * (parts * (2 * split + child) + part);
    found[f] = splitter.score;
    found[f + 1] = splitter.column;
    found[f + 2] = splitter.bin;
    found[f + 3] = splitter.missing;
    found[f + 4] = splitter.left;
    found[f + 5] = Number(splitter.ordered);
    found.set(splitter.members, f + 6);
  });
}

/**
 * The gradients and hessians of each leaf's rows in one lane, without the
 * rounding of packed numbers. Each is first rounded to a multiple of 2^−52 of
 * the power of two above their sum (adding and taking away a large number does
 * that), so that these sums are exact, too.
 */
function sumLeaves(memory: BoostingMemory, lane: number): void {
  const { gradients, order, ranges, lanes, leaves, leafSums, binned, tree } = memory;
  const first = 2 * tree[treeAt.output] * binned.rows;
  // A unit of a packed number is at least 2^-27 of the sum.
  const gradientGrid = 1.5 * 2 ** 27 * tree[treeAt.gradientUnit];
  const hessianGrid = 1.5 * 2 ** 27 * tree[treeAt.hessianUnit];
  for (let leaf = 0; leaf < leaves.length && leaves[leaf] >= 0; leaf++) {
    const range = 2 * (leaves[leaf] * lanes + lane);
    let gradient = 0;
    let hessian = 0;
    for (let i = ranges[range]; i < ranges[range + 1]; i++) {
      const at = first + 2 * order[i];
      gradient += gradients[at] + gradientGrid - gradientGrid;
      hessian += gradients[at + 1] + hessianGrid - hessianGrid;
    }
    leafSums[2 * (leaf * lanes + lane)] = gradient;
    leafSums[2 * (leaf * lanes + lane) + 1] = hessian;
  }
}

function addLeaves(memory: BoostingMemory, lane: number): void {
  const { margins, order, ranges, lanes, leaves, leafValues, binned, tree } = memory;
  const first = tree[treeAt.output] * binned.rows;
  for (let leaf = 0; leaf < leaves.length && leaves[leaf] >= 0; leaf++) {
    const range = 2 * (leaves[leaf] * lanes + lane);
    const value = leafValues[leaf];
    for (let i = ranges[range]; i < ranges[range + 1]; i++) margins[first + order[i]] += value;
  }
}
