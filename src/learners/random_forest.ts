/** Random forest: many deep trees, each on its own draw of the rows, that vote by their shares. */

import { deriveSeed, runTask, type Task, task, UsageError } from "../base/mod.ts";
import type { Matrix } from "../table/mod.ts";
import { concatTrees } from "../trees/mod.ts";
import type { FitOptions, Learner, TreeClassifier } from "./contract.ts";
import { normalised } from "./importances.ts";
import { Pace } from "./pace.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { shared } from "./shared_memory.ts";
import { checkTrainingData } from "./training_data.ts";
import { binMatrix } from "./tree/binning.ts";
import { ClassTreeGrower, type ForestSpec, type GrownClassTree } from "./tree/class_grower.ts";
import { rowMajorCodes } from "./tree/code_block.ts";
import type { Criterion } from "./tree/class_splitter.ts";
import { shareUnitsFor } from "./tree/leaf_shares.ts";

/** Parameters of {@link randomForest}, named as scikit-learn's. */
export interface RandomForestParams {
  /** Number of trees, 1 to 10,000; default 100. */
  readonly nEstimators?: number;
  /** Measure of impurity; default "gini". */
  readonly criterion?: Criterion;
  /** Most edges between root and leaf, 1 or more; null (default) for no limit. */
  readonly maxDepth?: number | null;
  /** Fewest rows of a node that is split, 2 or more; default 2. */
  readonly minSamplesSplit?: number;
  /** Fewest rows of a leaf, 1 or more; default 1. */
  readonly minSamplesLeaf?: number;
  /** Features drawn at each node: the root of their number (default), all, or a number. */
  readonly maxFeatures?: "sqrt" | "all" | number;
  /** Whether each tree draws its own rows with replacement; default true. */
  readonly bootstrap?: boolean;
}

type Params = Required<RandomForestParams>;

/**
 * A random forest classifier with the parameters and defaults of scikit-learn's
 * `RandomForestClassifier` (Breiman, 2001, "Random Forests"). Splits are sought
 * on at most 255 bins of each column; missing values go to the side that
 * separates the classes better. Leaves hold the shares of the classes, a
 * prediction is their mean over the trees.
 *
 * @throws {UsageError} where a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../table/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1, 1);
 * const model = await randomForest({ nEstimators: 10 }).fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function randomForest(params: RandomForestParams = {}): Learner {
  const filled: Params = {
    nEstimators: 100,
    criterion: "gini",
    maxDepth: null,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    maxFeatures: "sqrt",
    bootstrap: true,
    ...params,
  };
  checkParams(filled);
  return {
    name: "RandomForest",
    params: { ...filled },
    fit: (X, y, options) => fit(filled, X, y, options),
  };
}

function checkParams(params: Params): void {
  const { criterion, maxDepth, maxFeatures, bootstrap } = params;
  const whole = { max: Infinity, whole: true };
  checkRanges("RandomForest", params, {
    nEstimators: { min: 1, max: 10_000, whole: true },
    minSamplesSplit: { min: 2, ...whole },
    minSamplesLeaf: { min: 1, ...whole },
  });
  if (maxDepth !== null) {
    checkRanges("RandomForest", { maxDepth }, { maxDepth: { min: 1, ...whole } });
  }
  if (criterion !== "gini" && criterion !== "entropy") {
    refuseParameter("RandomForest", "criterion", criterion, '"gini" or "entropy"');
  }
  if (typeof bootstrap !== "boolean") {
    refuseParameter("RandomForest", "bootstrap", bootstrap, "true or false");
  }
  const named = maxFeatures === "sqrt" || maxFeatures === "all";
  if (!named && !(Number.isInteger(maxFeatures) && maxFeatures >= 1)) {
    const wanted = '"sqrt", "all" or a whole number of 1 or more';
    refuseParameter("RandomForest", "maxFeatures", maxFeatures, wanted);
  }
}

async function fit(
  params: Params,
  X: Matrix,
  y: Int32Array,
  options: FitOptions,
): Promise<TreeClassifier> {
  const featuresPerNode = countFeatures(params.maxFeatures, X.columns);
  checkTrainingData(X, y, options);
  const { classes, seed, sampleWeight } = options;
  const { nEstimators, maxDepth, criterion, minSamplesSplit, minSamplesLeaf, bootstrap } = params;
  const binned = binMatrix(X, undefined, sampleWeight);
  const spec: ForestSpec = {
    binned,
    byRow: rowMajorCodes(binned),
    labels: shared(y),
    sampleWeight: sampleWeight && shared(sampleWeight),
    classes,
    maxDepth: maxDepth ?? Infinity,
    ...{ criterion, minSamplesSplit, minSamplesLeaf, bootstrap, featuresPerNode },
    shareUnits: shareUnitsFor(nEstimators),
  };
  const seeds = Array.from({ length: nEstimators }, (_, t) => deriveSeed(seed, t));
  const grown = options.pool
    ? await growInWorkers(spec, seeds, options)
    : await growHere(spec, seeds, options);
  return {
    kind: "RandomForest",
    params: { ...params },
    classes,
    trees: concatTrees(grown.map(({ tree }) => tree), {
      features: X.columns,
      outputs: classes,
      leafWidth: classes,
      treeOutput: new Int32Array(0),
      base: new Float32Array(classes),
      scale: 1 / nEstimators,
      link: "identity",
    }),
    featureImportances: meanImportances(grown.map(({ gains }) => gains)),
  };
}

function countFeatures(maxFeatures: Params["maxFeatures"], columns: number): number {
  if (maxFeatures === "all") return columns;
  if (maxFeatures === "sqrt") return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures <= columns) return maxFeatures;
  throw new UsageError(
    `Cannot draw ${maxFeatures} features at each node: the matrix has ${columns} columns`,
    { next: `set maxFeatures to a number from 1 to ${columns}, "sqrt" or "all"` },
  );
}

/** Grows the trees of some seeds in a worker. */
export const growTreesTask: Task<
  { readonly spec: ForestSpec; readonly seeds: readonly number[] },
  GrownClassTree[]
> = task(import.meta.url, "growTreesTask", ({ spec, seeds }, { progress }) => {
  const grower = new ClassTreeGrower(spec);
  return seeds.map((seed, t) => {
    const grown = grower.grow(seed);
    progress((t + 1) / seeds.length);
    return grown;
  });
});

async function growInWorkers(
  spec: ForestSpec,
  seeds: readonly number[],
  { pool, signal, onProgress }: FitOptions,
): Promise<GrownClassTree[]> {
  // A few portions for each worker: none waits long for another at the end.
  const size = Math.ceil(seeds.length / (4 * (pool?.size ?? 1)));
  const portions = Array.from(
    { length: Math.ceil(seeds.length / size) },
    (_, p) => seeds.slice(p * size, (p + 1) * size),
  );
  const done = portions.map(() => 0);
  const grown = await Promise.all(
    portions.map((seeds, p) =>
      runTask(growTreesTask, { spec, seeds }, pool, {
        signal,
        onProgress: (share) => {
          done[p] = share;
          onProgress?.(done.reduce((sum, part) => sum + part, 0) / portions.length);
        },
      })
    ),
  );
  return grown.flat();
}

async function growHere(
  spec: ForestSpec,
  seeds: readonly number[],
  options: FitOptions,
): Promise<GrownClassTree[]> {
  const pace = new Pace(options);
  const grower = new ClassTreeGrower(spec);
  const grown: GrownClassTree[] = [];
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
