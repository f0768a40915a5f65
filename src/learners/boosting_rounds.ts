/** The rounds of a boosting, whatever its loss. */

import { deriveSeed, type WorkerPool, YieldingLoop } from "../base/mod.ts";
import type { Matrix, SlicedRows } from "../dataset/mod.ts";
import { concatTrees, type Tree, type TreeEnsemble } from "../trees/mod.ts";
import type { RegressionOptions } from "./contract.ts";
import type { FilledBoosting } from "./boosting_params.ts";
import { checkCategories } from "./categorical.ts";
import {
  baseScores,
  binMatrix,
  type BinnedMatrix,
  binSlices,
  type BoostingMemory,
  boostingWork,
  bundleRows,
  type CategoryLimits,
  ClassTreeCrew,
  type CrewLeader,
  drawColumns,
  gatherCrew,
  GradientTreeGrower,
  helpBoostingTask,
  isNumberLoss,
  layOutMemory,
  logarithmic,
  type LossSpec,
  shared,
  type SliceBinningOptions,
} from "../tree_growth/mod.ts";
import { normalised } from "./importances.ts";
import { checkNoInfinity } from "./training_data.ts";
import { addTree, type LearningCurve, measure, metricOfLoss } from "./learning_curve.ts";

/** Rows that are not learned from, to watch the fit by. */
export interface ValidationRows<Targets> {
  /** The rows, with the columns of the training rows. */
  readonly X: Matrix;
  /** Their labels or targets, shape [rows]. */
  readonly y: Targets;
  /** Weight of each row, shape [rows]; 1 if it is left out. */
  readonly sampleWeight?: Float32Array;
}

/** How a fit with validation rows is watched. */
export type WatchedOptions = RegressionOptions & {
  /** Factor on the weight of rows of each class, which the start of the scores leaves out. */
  readonly classFactors?: readonly number[];
  readonly validation?: ValidationRows<ArrayLike<number>>;
};

/** Fewer rows than this for each thread are not worth waking another. */
const minRowsPerLane = 8192;

/** Most threads on one tree: beyond, they wait for one another. */
const maxLanes = 8;

/** The least gain of a split if rows weigh 1 on average (XGBoost's kRtEps). */
const leastGain = 1e-6;

/** What the rounds lead to. */
export interface Boosted {
  /** The trees of all rounds that are kept. */
  readonly trees: TreeEnsemble;
  /** Share of the gain by column. */
  readonly featureImportances: Float64Array;
  /** The curve, if there are validation rows. */
  readonly curve?: LearningCurve;
}

/** Bins a matrix as the parameters say. */
export function binFor(
  { categorical, maxBin, monotone }: FilledBoosting,
  X: Matrix,
  { sampleWeight, pool }: RegressionOptions,
): BinnedMatrix {
  checkCategories(X, categorical, monotone);
  return binMatrix(X, { maxBins: maxBin - 1, categorical, sampleWeight, pool });
}

/**
 * Bins rows in slices, of which none is kept, and writes their targets.
 *
 * @throws {DataError} if a value is infinite, or no category where there are categories.
 */
export function binSlicesFor(
  { categorical, maxBin, monotone }: FilledBoosting,
  rows: SlicedRows,
  targets: Float64Array,
  { weights, pool, signal }: RegressionOptions & Pick<SliceBinningOptions, "weights">,
): Promise<BinnedMatrix> {
  return binSlices(rows, targets, {
    ...{ maxBins: maxBin - 1, categorical, weights, pool, signal },
    check: (slice, first) => {
      checkCategories(slice, categorical, monotone, first);
      checkNoInfinity(slice, first);
    },
  });
}

/** Grows the trees of all rounds. */
export async function boost(
  params: FilledBoosting,
  loss: LossSpec,
  binned: BinnedMatrix,
  y: Float32Array,
  options: WatchedOptions,
): Promise<Boosted> {
  const pace = new YieldingLoop(options);
  const targets = shared(y) as Float32Array<SharedArrayBuffer>;
  const { sampleWeight, classFactors, pool } = options;
  const rowWeights = classFactors
    ? Float32Array.from(y, (label, i) => classFactors[label] * (sampleWeight?.[i] ?? 1))
    : sampleWeight;
  const weights = rowWeights && shared(rowWeights) as Float32Array<SharedArrayBuffer>;
  const { categorical } = params;
  const base = baseScores(loss, targets, sampleWeight);
  const lanes = Math.min(pool?.size ?? 1, maxLanes, Math.floor(binned.rows / minRowsPerLane));
  const memory = layOutMemory({
    ...{ binned, bundled: bundleRows(binned), targets, weights, loss, base },
    monotone: params.monotone?.some((d) => d !== 0) ? Int8Array.from(params.monotone) : undefined,
    categories: categorical?.length ? limitsOf(params) : undefined,
    subsample: params.subsample,
    leastGain: leastGain * meanWeight(binned.rows, weights),
    maxDepth: params.maxDepth ?? Infinity,
    numLeaves: params.numLeaves ?? Infinity,
    lanes: Math.max(lanes, 1),
  });
  if (memory.lanes === 1 && base.length > 1 && pool !== undefined && pool.size > 1) {
    const grown = options.validation
      ? undefined
      : await growByClass(params, memory, pool, options.seed, pace);
    if (grown !== undefined) return grown;
  }
  const crew = gatherCrew(
    boostingWork(memory),
    memory.lanes - 1,
    (control) => pool!.run(helpBoostingTask, { memory, control }),
  );
  try {
    return await runRounds(params, memory, crew, options, pace);
  } finally {
    crew.close();
  }
}

/**
 * A thread for each tree of a round: of a few rows, threads on one tree wait for each other. Gives
 * nothing if the pool was closed meanwhile.
 */
async function growByClass(
  params: FilledBoosting,
  memory: BoostingMemory,
  pool: WorkerPool,
  seed: number,
  pace: YieldingLoop,
): Promise<Boosted | undefined> {
  const { base, binned, margins } = memory;
  const { nEstimators } = params;
  margins.set(spread(base, binned.rows));
  const crew = new ClassTreeCrew({ memory, limits: params, seed }, pool);
  try {
    for (let round = 0; round < nEstimators; round++) {
      crew.grow(round, deriveSeed(seed, round));
      await pace.step((round + 1) / nEstimators);
    }
  } finally {
    crew.close();
  }
  const grown = await crew.trees(nEstimators * base.length);
  if (grown === undefined) return undefined;
  const gains = new Float64Array(binned.columns);
  for (const one of grown) addGains(gains, one.gains);
  return {
    trees: joined(grown.map(({ tree }) => tree), memory),
    featureImportances: normalised(gains),
  };
}

/** Adds a tree's gains: its sum first, so that it is the same whichever thread has grown the tree. */
function addGains(gains: Float64Array, ofTree: Float64Array): void {
  for (let j = 0; j < gains.length; j++) gains[j] += ofTree[j];
}

function joined(trees: readonly Tree[], { base, binned, loss }: BoostingMemory): TreeEnsemble {
  const outputs = base.length;
  return concatTrees(trees, {
    features: binned.columns,
    ...{ outputs, base },
    link: linkOf(loss.kind),
    leafWidth: 1,
    treeOutput: outputs === 1 ? new Int32Array(0) : Int32Array.from(trees, (_, t) => t % outputs),
    scale: 1,
  });
}

async function runRounds(
  params: FilledBoosting,
  memory: BoostingMemory,
  crew: CrewLeader,
  { seed, validation, onRound }: WatchedOptions,
  pace: YieldingLoop,
): Promise<Boosted> {
  const { base, binned, loss, margins, targets, weights } = memory;
  const { rows, columns } = binned;
  const outputs = base.length;
  const grower = new GradientTreeGrower(memory, crew, params);
  margins.set(spread(base, rows));
  const watched = validation && spread(base, validation.X.rows);
  const curve = { train: [] as number[], validation: [] as number[], bestIteration: -1 };
  const trees: Tree[] = [];
  const gains = new Float64Array(columns);
  const ofTree = new Float64Array(columns);
  const bestGains = new Float64Array(columns);
  for (let round = 0; round < params.nEstimators; round++) {
    grower.computeGradients(deriveSeed(seed, round));
    for (let k = 0; k < outputs; k++) {
      drawColumns(memory.allowed, params.colsample, deriveSeed(seed, round, k + 1));
      const tree = grower.grow(k, ofTree.fill(0));
      addGains(gains, ofTree);
      trees.push(tree);
      if (!validation || !watched) continue;
      const ofOutput = watched.subarray(k * validation.X.rows, (k + 1) * validation.X.rows);
      addTree(tree, validation.X, ofOutput);
    }
    let stop = false;
    if (validation && watched) {
      curve.train.push(measure(loss, margins, targets, weights));
      curve.validation.push(measure(loss, watched, validation.y, validation.sampleWeight));
      if (curve.validation[round] < (curve.validation[curve.bestIteration] ?? Infinity)) {
        curve.bestIteration = round;
        bestGains.set(gains);
      }
      onRound?.(round, curve.validation[round]);
      stop = round - curve.bestIteration >= (params.earlyStoppingRounds ?? Infinity);
    }
    await pace.step(stop ? 1 : (round + 1) / params.nEstimators);
    if (stop) break;
  }
  const atBest = params.earlyStoppingRounds !== null;
  const kept = atBest ? trees.slice(0, (curve.bestIteration + 1) * outputs) : trees;
  return {
    trees: joined(kept, memory),
    featureImportances: normalised(atBest ? bestGains : gains),
    ...validation && {
      curve: { metric: metricOfLoss(loss.kind), ...curve },
    },
  };
}

function limitsOf(
  params: FilledBoosting,
): CategoryLimits {
  const { catSmooth, catL2, maxCatThreshold, maxCatToOnehot } = params;
  const { minDataPerGroup, minDataInLeaf } = params;
  return { catSmooth, catL2, maxCatThreshold, maxCatToOnehot, minDataPerGroup, minDataInLeaf };
}

function linkOf(kind: LossSpec["kind"]): TreeEnsemble["link"] {
  if (!isNumberLoss(kind)) return kind;
  return logarithmic(kind) ? "exp" : "identity";
}

function meanWeight(rows: number, weights: Float32Array | undefined): number {
  return weights ? weights.reduce((sum, weight) => sum + weight, 0) / rows : 1;
}

/** The scores of `rows` rows before any tree. */
function spread(base: Float32Array, rows: number): Float32Array {
  const margins = new Float32Array(base.length * rows);
  base.forEach((score, k) => margins.fill(score, k * rows, (k + 1) * rows));
  return margins;
}
