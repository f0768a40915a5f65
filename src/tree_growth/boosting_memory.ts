/** What the threads of one boosting share. */

import { kernelMemory } from "../kernels/mod.ts";
import type { BinnedMatrix } from "./binning.ts";
import type { BundledRows } from "./bundling.ts";
import { type CategoryLimits, setWords } from "./category_gradients.ts";
import type { LossSpec } from "./gradients.ts";

/** Splits made at a time: enough to share out, few enough to keep their histograms. */
export const batchSplits = 16;

/** Rows of one item if each row stands for itself. */
export const blockRows = 8192;

/** Numbers that describe a split in {@link BoostingMemory.plan}. */
export const planWidth = 8;

/** Numbers that describe a node whose split is sought. */
export const searchedWidth = 5;

/** Numbers that describe the best split of a part of the slots: 6, and the bins of its set. */
export const foundWidth = 6 + setWords;

/** What a boosting is about, before memory is laid out for it. */
export interface BoostingProblem {
  /** The rows, for partitions and thresholds. */
  readonly binned: BinnedMatrix;
  /** The same rows, for histograms. */
  readonly bundled: BundledRows;
  /** Label or target of each row. */
  readonly targets: Floats;
  /** Weight of each row; 1 if it is left out. */
  readonly weights: Floats | undefined;
  /** What is minimised. */
  readonly loss: LossSpec;
  /** Score of each output before any tree. */
  readonly base: Float32Array;
  /** −1, 0 or 1 for each column; missing if no column is constrained. */
  readonly monotone: Int8Array | undefined;
  /** How categories are split; missing if no column holds any. */
  readonly categories: CategoryLimits | undefined;
  /** Share of the rows that each round draws. */
  readonly subsample: number;
  /** A gain up to this counts as none: it is what rounding leaves. */
  readonly leastGain: number;
  /** Most edges between root and leaf; Infinity for no limit. */
  readonly maxDepth: number;
  /** Most leaves; Infinity if trees grow level by level. */
  readonly numLeaves: number;
  /** Runs of rows that threads work on at once. */
  readonly lanes: number;
}

/** Numbers that threads share. */
export type Floats = Float32Array<SharedArrayBuffer>;
/** Exact numbers that threads share. */
export type Doubles = Float64Array<SharedArrayBuffer>;
/** Whole numbers that threads share. */
export type Ints = Int32Array<SharedArrayBuffer>;
/** Small whole numbers that threads share. */
export type Bytes = Uint8Array<SharedArrayBuffer>;

/** A problem with its memory: plain data that workers share. */
export interface BoostingMemory extends BoostingProblem {
  /** Score of output k of row i at `k * rows + i`. */
  readonly margins: Floats;
  /** Gradient and hessian of output k of row i at `2 * (k * rows + i)` and the next. */
  readonly gradients: Floats;
  /** Sums of absolute gradients and of hessians, shape [outputs × blocks × 2]. */
  readonly blockSums: Doubles;
  /** Packed gradient and hessian of each row for the tree that grows, shape [rows]. */
  readonly packed: Doubles;
  /** Sum of the packed numbers of each block. */
  readonly packedSums: Doubles;
  /** Rows by node within each lane, and room to move them; shape [rows]. */
  readonly order: Ints;
  /** Rows of a node while they are parted. */
  readonly scratch: Ints;
  /** Where each node's rows are: start and end in each lane, shape [nodes × lanes × 2]. */
  readonly ranges: Ints;
  /** Histograms of nodes; after them those of lanes but the first for each split of a batch. */
  readonly histograms: Doubles;
  /** What kernels find the histograms in; missing if plain loops work on them. */
  readonly kernels: WebAssembly.Memory | undefined;
  /** How many nodes can have a histogram at once. */
  readonly nodeHistograms: number;
  /** The splits of the batch, shape [batchSplits × planWidth]; see `boosting_work.ts`. */
  readonly plan: Ints;
  /** 1 if a bin goes left, for each split of the batch, shape [batchSplits × 256]. */
  readonly goesLeft: Bytes;
  /** Split and lane of each histogram to build, −1 for all lanes; shape [jobs × 2]. */
  readonly jobs: Ints;
  /** Sum, least hessian, hessian of a row and bounds of both children of each split. */
  readonly searched: Doubles;
  /** The best splits found, shape [batchSplits × 2 × parts × foundWidth]. */
  readonly found: Doubles;
  /** Numbers of the tree: units of gradient and hessian, penalties, sums of both. */
  readonly tree: Doubles;
  /** 1 for each column that the tree may use. */
  readonly allowed: Bytes;
  /** Node of each leaf, its value, and its sums in each lane. */
  readonly leaves: Ints;
  /** Value of each leaf. */
  readonly leafValues: Floats;
  /** Sums of each leaf. */
  readonly leafSums: Doubles;
}

/** Lays out memory for a problem. */
export function layOutMemory(problem: BoostingProblem): BoostingMemory {
  const { binned, bundled, base, lanes, maxDepth, numLeaves } = problem;
  const { rows, columns } = binned;
  const outputs = base.length;
  const blocks = Math.ceil(rows / blockRows);
  const maxLeaves = Math.min(rows, numLeaves, 2 ** Math.min(maxDepth, 30));
  const byLevels = Math.min(2 ** Math.min(maxDepth, 30), batchSplits * (maxDepth + 2));
  const nodeHistograms = Math.min(rows, Math.min(numLeaves, byLevels) + 1);
  const histograms = nodeHistograms + (lanes - 1) * batchSplits;
  const numbers = histograms * bundled.offsets[bundled.slots.length];
  const kernels = kernelMemory(8 * numbers);
  return {
    ...problem,
    margins: floats(outputs * rows),
    gradients: floats(2 * outputs * rows),
    blockSums: doubles(2 * outputs * blocks),
    packed: doubles(rows),
    packedSums: doubles(blocks),
    order: ints(rows),
    scratch: ints(rows),
    ranges: ints(2 * maxLeaves * lanes * 2),
    histograms: kernels ? new Float64Array(kernels.buffer, 0, numbers) : doubles(numbers),
    kernels,
    nodeHistograms,
    plan: ints(batchSplits * planWidth),
    goesLeft: bytes(batchSplits * 256),
    jobs: ints(batchSplits * lanes * 2),
    searched: doubles(batchSplits * 2 * searchedWidth),
    found: doubles(batchSplits * 2 * partsOf(lanes) * foundWidth),
    tree: doubles(10),
    allowed: bytes(columns).fill(1),
    leaves: ints(maxLeaves),
    leafValues: floats(maxLeaves),
    leafSums: doubles(maxLeaves * lanes * 2),
  };
}

/** Parts into which the slots are divided to search one split. */
export function partsOf(lanes: number): number {
  return lanes === 1 ? 1 : 2 * lanes;
}

const floats = (n: number) => new Float32Array(new SharedArrayBuffer(4 * n));
const doubles = (n: number) => new Float64Array(new SharedArrayBuffer(8 * n));
const ints = (n: number) => new Int32Array(new SharedArrayBuffer(4 * n));
const bytes = (n: number) => new Uint8Array(new SharedArrayBuffer(n));
