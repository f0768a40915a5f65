/** Gradient boosting: shallow trees one after another, each against what is still wrong. */

import type { Matrix } from "../table/mod.ts";
import { concatTrees, type Tree } from "../trees/mod.ts";
import type { FitOptions, Learner, TreeClassifier } from "./contract.ts";
import { logisticLoss, softmaxLoss } from "./gradients.ts";
import { normalised } from "./importances.ts";
import { Pace } from "./pace.ts";
import { checkRanges } from "./parameters.ts";
import { checkTrainingData } from "./training_data.ts";
import { binMatrix } from "./tree/binning.ts";
import { bundleRows } from "./tree/bundling.ts";
import { GradientTreeGrower } from "./tree/gradient_grower.ts";

/** Parameters of {@link gradientBoosting}, named as XGBoost's. */
export interface GradientBoostingParams {
  /** Number of rounds, 1 to 10,000; default 100. A round grows a tree for each class. */
  readonly nEstimators?: number;
  /** Most edges between root and leaf, 1 to 30; default 6. */
  readonly maxDepth?: number;
  /** Factor on each tree, above 0 to 1; default 0.3. */
  readonly learningRate?: number;
  /** L2 penalty on leaf values, 0 or more; default 1. */
  readonly regLambda?: number;
  /** L1 penalty on leaf values, 0 or more; default 0. */
  readonly regAlpha?: number;
  /** Least gain of a split, 0 or more; default 0. */
  readonly gamma?: number;
  /** Least hessian sum of a leaf, 0 or more; default 1. */
  readonly minChildWeight?: number;
  /** Bins of each column, the one of missing values included, 3 to 256; default 256. */
  readonly maxBin?: number;
}

type Params = Required<GradientBoostingParams>;

/**
 * A gradient boosting classifier with the parameters and defaults of XGBoost
 * (`tree_method="hist"`, depth-wise): second-order softmax for several classes,
 * logistic loss for two. Missing values learn at each split which way to go.
 *
 * Rounds follow one another, and a tree is small work: the fit runs on one
 * thread and leaves the pool to other fits.
 *
 * @throws {UsageError} where a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../table/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [3], [4], [10], [11], [12], [13], [14]]);
 * const y = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
 * const model = await gradientBoosting({ nEstimators: 10 }).fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function gradientBoosting(params: GradientBoostingParams = {}): Learner {
  const filled: Params = {
    nEstimators: 100,
    maxDepth: 6,
    learningRate: 0.3,
    regLambda: 1,
    regAlpha: 0,
    gamma: 0,
    minChildWeight: 1,
    maxBin: 256,
    ...params,
  };
  checkRanges("GradientBoosting", filled, {
    nEstimators: { min: 1, max: 10_000, whole: true },
    maxDepth: { min: 1, max: 30, whole: true },
    learningRate: { min: Number.MIN_VALUE, max: 1 },
    regLambda: { min: 0, max: Infinity },
    regAlpha: { min: 0, max: Infinity },
    gamma: { min: 0, max: Infinity },
    minChildWeight: { min: 0, max: Infinity },
    maxBin: { min: 3, max: 256, whole: true },
  });
  return {
    name: "GradientBoosting",
    params: { ...filled },
    fit: (X, y, options) => fit(filled, X, y, options),
  };
}

async function fit(
  params: Params,
  X: Matrix,
  y: Int32Array,
  options: FitOptions,
): Promise<TreeClassifier> {
  checkTrainingData(X, y, options);
  const { classes, sampleWeight } = options;
  const { rows, columns } = X;
  const pace = new Pace(options);
  const loss = classes === 2 ? logisticLoss : softmaxLoss(classes);
  const { outputs, link } = loss;
  const base = loss.base(classWeights(y, classes, sampleWeight));
  const binned = binMatrix(X, params.maxBin - 1, sampleWeight);
  const grower = new GradientTreeGrower({ ...params, binned, bundled: bundleRows(binned) });
  const margins = new Float32Array(outputs * rows);
  for (let k = 0; k < outputs; k++) margins.fill(base[k], k * rows, (k + 1) * rows);
  const gradients = new Float32Array(2 * outputs * rows);
  const gains = new Float64Array(columns);
  const trees: Tree[] = [];
  for (let round = 1; round <= params.nEstimators; round++) {
    loss.gradients(margins, y, sampleWeight, gradients);
    for (let k = 0; k < outputs; k++) {
      trees.push(grower.grow(
        gradients.subarray(2 * k * rows, 2 * (k + 1) * rows),
        margins.subarray(k * rows, (k + 1) * rows),
        gains,
      ));
    }
    await pace.step(round / params.nEstimators);
  }
  return {
    kind: "GradientBoosting",
    params: { ...params },
    classes,
    trees: concatTrees(trees, {
      features: columns,
      ...{ outputs, base, link },
      leafWidth: 1,
      treeOutput: outputs === 1 ? new Int32Array(0) : Int32Array.from(trees, (_, t) => t % outputs),
      scale: 1,
    }),
    featureImportances: normalised(gains),
  };
}

function classWeights(
  y: Int32Array,
  classes: number,
  sampleWeight: Float32Array | undefined,
): Float64Array {
  const weights = new Float64Array(classes);
  for (let i = 0; i < y.length; i++) weights[y[i]] += sampleWeight ? sampleWeight[i] : 1;
  return weights;
}
