/** Grows the trees of a forest, here or in workers, and joins them. */

import { deriveSeed, type Task, task, type WorkerPool, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { concatTrees, type EnsembleShape, type TreeEnsemble } from "../trees/mod.ts";
import { checkCategories } from "./categorical.ts";
import type { RegressionOptions } from "./contract.ts";
import { countDraws, countFeatures, type ForestKind, type ForestParams } from "./forest_params.ts";
import { normalised } from "./importances.ts";
import {
  binMatrix,
  ForestGrower,
  type ForestSpec,
  type GrownTree,
  rowMajorCodes,
  rowsWithWeight,
  shared,
} from "../tree_growth/mod.ts";

/** The trees of a forest and what they say about the features. */
export interface GrownForest {
  /** The trees, which outputs they feed left to `shape`. */
  readonly trees: TreeEnsemble;
  /** Mean over the trees of each one's shares of impurity decrease, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Seed of tree `t` in a forest of seed `seed`. */
export const treeSeed = (seed: number, t: number): number => deriveSeed(seed, t);

/** Grows a forest for `target`; its leaves hold `shape.outputs` values. */
export async function growForest(
  kind: ForestKind,
  params: Required<ForestParams>,
  X: Matrix,
  target: ForestSpec["target"],
  shape: Pick<EnsembleShape, "outputs" | "base">,
  options: RegressionOptions,
): Promise<GrownForest> {
  const { nEstimators, maxDepth, maxFeatures, minSamplesSplit, minSamplesLeaf } = params;
  const { seed, sampleWeight, pool } = options;
  // Both can refuse, which is better done before the work.
  const featuresPerNode = countFeatures(maxFeatures, X.columns);
  const draws = countDraws(params, rowsWithWeight(X.rows, sampleWeight).length);
  const { categorical } = params;
  checkCategories(X, categorical);
  const binned = binMatrix(X, { categorical, sampleWeight, pool });
  const spec: ForestSpec = {
    binned,
    byRow: rowMajorCodes(binned),
    target,
    sampleWeight: sampleWeight && shared(sampleWeight),
    maxDepth: maxDepth ?? Infinity,
    ...{ minSamplesSplit, minSamplesLeaf, featuresPerNode, draws },
    randomSplits: kind === "ExtraTrees",
  };
  const seeds = Array.from({ length: nEstimators }, (_, t) => treeSeed(seed, t));
  const grown = pool
    ? await growInWorkers(spec, seeds, pool, options)
    : await growHere(spec, seeds, options);
  return {
    trees: concatTrees(grown.map(({ tree }) => tree), {
      features: X.columns,
      ...shape,
      leafWidth: shape.outputs,
      treeOutput: new Int32Array(0),
      scale: 1 / nEstimators,
      link: "identity",
    }),
    featureImportances: meanImportances(grown.map(({ gains }) => gains)),
  };
}

/** A tree and its place among the seeds. */
type PlacedTree = readonly [place: number, grown: GrownTree];

/** Grows trees in a worker until none is left; `next` counts those that some worker has begun. */
export const growTreesTask: Task<
  {
    readonly spec: ForestSpec;
    readonly seeds: readonly number[];
    readonly next: Int32Array<SharedArrayBuffer>;
  },
  PlacedTree[]
> = task(import.meta.url, "growTreesTask", ({ spec, seeds, next }, { progress }) => {
  const grower = new ForestGrower(spec);
  const grown: PlacedTree[] = [];
  const take = () => Atomics.add(next, 0, 1);
  for (let t = take(); t < seeds.length; t = take()) {
    grown.push([t, grower.grow(seeds[t])]);
    progress(grown.length / seeds.length);
  }
  return grown;
});

async function growInWorkers(
  spec: ForestSpec,
  seeds: readonly number[],
  pool: WorkerPool,
  { signal, onProgress }: RegressionOptions,
): Promise<GrownTree[]> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const shares = Array<number>(Math.min(pool.size, seeds.length)).fill(0);
  const grown = await Promise.all(
    shares.map((_, worker) =>
      pool.run(growTreesTask, { spec, seeds, next }, {
        signal,
        onProgress(share) {
          shares[worker] = share;
          onProgress?.(shares.reduce((sum, share) => sum + share, 0));
        },
      })
    ),
  );
  return grown.flat().sort(([a], [b]) => a - b).map(([, tree]) => tree);
}

async function growHere(
  spec: ForestSpec,
  seeds: readonly number[],
  options: RegressionOptions,
): Promise<GrownTree[]> {
  const pace = new YieldingLoop(options);
  const grower = new ForestGrower(spec);
  const grown: GrownTree[] = [];
  for (const seed of seeds) {
    grown.push(grower.grow(seed));
    await pace.step(grown.length / seeds.length);
  }
  return grown;
}

/** The mean over trees of each tree's shares of impurity decrease, as scikit-learn's. */
function meanImportances(gains: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(gains[0].length);
  for (const tree of gains) {
    const total = tree.reduce((sum, gain) => sum + gain, 0);
    if (total > 0) tree.forEach((gain, j) => mean[j] += gain / total);
  }
  return normalised(mean);
}
