/** Baselines that look at the targets alone: what any model has to beat. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { concatTrees, type EnsembleShape, type TreeEnsemble } from "../trees/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type {
  FitOptions,
  Learner,
  RegressionOptions,
  Regressor,
  TreeClassifier,
  TreeRegressor,
} from "./contract.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { percentile } from "../tree_growth/mod.ts";
import { targetScale } from "./target_scale.ts";
import { checkRegressionData, checkTrainingData } from "./training_data.ts";

/** Parameters of {@link dummy}, named as scikit-learn's. */
export interface DummyParams {
  /**
   * What it says of every row: the shares of the classes ("prior", default), the
   * most frequent class, of equally frequent ones the first, or the same share
   * of each class ("uniform").
   */
  readonly strategy?: "prior" | "mostFrequent" | "uniform";
  /** How much each class counts; default null. */
  readonly classWeight?: ClassWeight;
}

/** Parameters of {@link dummyRegressor}, named as scikit-learn's. */
export interface DummyRegressorParams {
  /** What it says of every row; default "mean". */
  readonly strategy?: "mean" | "median" | "quantile";
  /** Share of the targets below what "quantile" says, 0 to 1; default 0.5. */
  readonly quantile?: number;
}

const name = "Dummy";

/**
 * A classifier that says the same of every row, whatever its features.
 *
 * It is exported as a tree of one leaf. scikit-learn's "stratified" draws
 * labels by chance; its expected score is that of "prior".
 *
 * Source: scikit-learn `DummyClassifier`.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictProba } from "./model.ts";
 *
 * const X = matrixFromRows([[1], [2], [3], [4]]);
 * const model = await dummy().fit(X, Int32Array.of(0, 1, 1, 1), { classes: 2, seed: 1 });
 * assertEquals([...await predictProba(model, matrixFromRows([[9]]))], [0.25, 0.75]);
 * ```
 */
export function dummy(params: DummyParams = {}): Learner<TreeClassifier> {
  const defaults: Required<DummyParams> = { strategy: "prior", classWeight: null };
  const filled = fillSettings(name, defaults, params);
  const { strategy, classWeight } = filled;
  if (!["prior", "mostFrequent", "uniform"].includes(strategy)) {
    refuseParameter(name, "strategy", strategy, '"prior", "mostFrequent" or "uniform"');
  }
  checkClassWeight(name, classWeight);
  return {
    name,
    params: { ...filled },
    async fit(X, y, options) {
      checkTrainingData(X, y, { ...options, bags: true });
      const weights = weighRows(y, classWeight, options);
      const shares = await classShares(y, options, weights);
      const most = shares.indexOf(Math.max(...shares));
      const told = shares.map((share, k) =>
        strategy === "prior"
          ? share
          : strategy === "uniform"
          ? 1 / shares.length
          : Number(k === most)
      );
      return {
        kind: name,
        params: { ...filled },
        classes: options.classes,
        trees: oneLeaf(X, Float32Array.from(told), new Float32Array(options.classes)),
        featureImportances: new Float64Array(X.columns),
      };
    },
  };
}

/**
 * A regression that says the same of every row, whatever its features.
 *
 * Source: scikit-learn `DummyRegressor`.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictValues } from "./model.ts";
 *
 * const X = matrixFromRows([[1], [2], [3]]);
 * const model = await dummyRegressor({ strategy: "median" })
 *   .fit(X, Float64Array.of(1, 2, 30), { seed: 1 });
 * assertEquals([...await predictValues(model, matrixFromRows([[9]]))], [2]);
 * ```
 */
export function dummyRegressor(params: DummyRegressorParams = {}): Regressor<TreeRegressor> {
  const defaults: Required<DummyRegressorParams> = { strategy: "mean", quantile: 0.5 };
  const filled = fillSettings(name, defaults, params);
  const { strategy, quantile } = filled;
  if (!["mean", "median", "quantile"].includes(strategy)) {
    refuseParameter(name, "strategy", strategy, '"mean", "median" or "quantile"');
  }
  checkRanges(name, filled, { quantile: { min: 0, max: 1 } });
  return {
    name,
    params: { ...filled },
    async fit(X, y, options) {
      checkRegressionData(X, y, options);
      const pace = new YieldingLoop(options);
      await pace.step(0.5);
      // Refuses targets that no model here could hold.
      const { base: mean } = targetScale(y, options.sampleWeight);
      const base = strategy === "mean"
        ? mean
        : quantileOf(y, strategy === "median" ? 0.5 : quantile, options.sampleWeight);
      await pace.step(1);
      return {
        kind: name,
        task: "regression",
        params: { ...filled },
        trees: oneLeaf(X, new Float32Array(1), Float64Array.of(base)),
        featureImportances: new Float64Array(X.columns),
      };
    },
  };
}

async function classShares(
  y: Int32Array,
  options: FitOptions & RegressionOptions,
  weights: Float32Array | undefined,
): Promise<number[]> {
  const pace = new YieldingLoop(options);
  const totals = new Array<number>(options.classes).fill(0);
  let whole = 0;
  await pace.step(0.5);
  for (let i = 0; i < y.length; i++) {
    const weight = weights ? weights[i] : 1;
    totals[y[i]] += weight;
    whole += weight;
  }
  await pace.step(1);
  return totals.map((total) => total / whole);
}

/** The quantile of the targets that count. */
function quantileOf(
  y: Float32Array | Float64Array,
  share: number,
  weights: Float32Array | undefined,
): number {
  if (!weights) return percentile(y, share);
  const counted = weights.filter((weight) => weight > 0);
  return percentile(y.filter((_, i) => weights[i] > 0), share, counted);
}

/** A tree that says `leaf` of every row. */
function oneLeaf(
  X: Matrix,
  leaf: Float32Array,
  base: EnsembleShape["base"],
): TreeEnsemble {
  const tree = {
    feature: Int32Array.of(-1),
    threshold: new Float32Array(1),
    left: new Int32Array(1),
    right: new Int32Array(1),
    missingLeft: new Uint8Array(1),
    cover: Float32Array.of(X.rows),
    leaves: leaf,
  };
  const outputs = leaf.length;
  return concatTrees([tree], {
    ...{ features: X.columns, outputs, leafWidth: outputs, base, scale: 1, link: "identity" },
    treeOutput: new Int32Array(0),
  });
}
