/** The rounds of a boosting, whatever its loss. */

import { deriveSeed, Random, YieldingLoop } from "../base/mod.ts";
import type { Matrix, SlicedRows } from "../table/mod.ts";
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
  type CrewLeader,
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
  const bestGains = new Float64Array(columns);
  for (let round = 0; round < params.nEstimators; round++) {
    grower.computeGradients(deriveSeed(seed, round));
    for (let k = 0; k < outputs; k++) {
      drawColumns(memory.allowed, params.colsample, deriveSeed(seed, round, k + 1));
      const tree = grower.grow(k, gains);
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
    trees: concatTrees(kept, {
      features: columns,
      ...{ outputs, base },
      link: linkOf(loss.kind),
      leafWidth: 1,
      treeOutput: outputs === 1 ? new Int32Array(0) : Int32Array.from(kept, (_, t) => t % outputs),
      scale: 1,
    }),
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

function drawColumns(allowed: Uint8Array, share: number, seed: number): void {
  if (share === 1) return;
  const columns = new Random(seed).shuffle(Int32Array.from(allowed, (_, j) => j));
  allowed.fill(0);
  const count = Math.max(1, Math.round(share * columns.length));
  for (const j of columns.subarray(0, count)) allowed[j] = 1;
}
