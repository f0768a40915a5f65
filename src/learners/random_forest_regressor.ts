/** Random forest for numbers: the mean of deep trees, each on its own draw of the rows. */

import { fillSettings } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { RegressionOptions, Regressor, TreeRegressor } from "./contract.ts";
import { growForest } from "./forest_growth.ts";
import {
  bootstraps,
  checkForestParams,
  forestDefaults,
  type ForestKind,
  type ForestParams,
} from "./forest_params.ts";
import { type OutOfBag, outOfBagValues } from "./out_of_bag.ts";
import { refuseParameter } from "./parameters.ts";
import { targetScale } from "./target_scale.ts";
import { checkRegressionData } from "./training_data.ts";

/** Parameters of {@link randomForestRegressor}; `maxFeatures` is "all" unless set. */
export interface RandomForestRegressorParams extends ForestParams {
  /** Measure of a node's spread; the one choice is the default. */
  readonly criterion?: "squared_error";
}

type Params = Required<RandomForestRegressorParams>;

/** A fitted forest that predicts numbers. */
export interface ForestRegressor extends TreeRegressor {
  /**
   * How well trees do on rows that they have not seen, if `oobScore` asked
   * for it: `score` is R², `predictions` are numbers, shape [rows]. It tells
   * about the fit and is not saved.
   */
  readonly outOfBag?: OutOfBag<Float64Array>;
}

/**
 * A random forest for regression with the parameters and defaults of
 * scikit-learn's `RandomForestRegressor` (Breiman, 2001, "Random Forests").
 * Splits are sought on at most 255 bins of each column; missing values go to
 * the side that leaves less squared error.
 *
 * Leaves hold how far their mean lies from the mean of all targets, which is
 * the ensemble's base. What Float32 sums in another order lose (ONNX Runtime
 * chooses its own) is then measured by the spread of the targets, not by how
 * far they lie from 0: at most trees × 2^-24 of the mean absolute leaf value,
 * 6e-6 for 100 trees, and in practice a tenth of that. Rounding leaves so that
 * sums are exact, as the classifier does, would cost more than it saves where a
 * few targets are far out.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictValues } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Float64Array.of(5, 5, 5, 9, 9, 9);
 * const model = await randomForestRegressor({ bootstrap: false }).fit(X, y, { seed: 42 });
 * const [low, high] = await predictValues(model, matrixFromRows([[-1], [20]]));
 * assertAlmostEquals(low, 5, 1e-6);
 * assertAlmostEquals(high, 9, 1e-6);
 * ```
 */
export function randomForestRegressor(
  params: RandomForestRegressorParams = {},
): Regressor<ForestRegressor> {
  return forestRegressor("RandomForest", params);
}

/** A forest of either kind. */
export function forestRegressor(
  name: ForestKind,
  params: RandomForestRegressorParams,
): Regressor<ForestRegressor> {
  const defaults: Params = {
    ...forestDefaults,
    bootstrap: bootstraps(name),
    maxFeatures: "all",
    criterion: "squared_error",
  };
  const filled = fillSettings(name, defaults, params);
  checkForestParams(name, filled);
  if (filled.criterion !== "squared_error") {
    refuseParameter(name, "criterion", filled.criterion, '"squared_error"');
  }
  return {
    name,
    params: { ...filled },
    fit: (X, y, options) => fit(name, filled, X, y, options),
  };
}

async function fit(
  kind: ForestKind,
  params: Params,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: RegressionOptions,
): Promise<ForestRegressor> {
  checkRegressionData(X, y, options);
  const base = Float64Array.of(targetScale(y, options.sampleWeight).base);
  const values = new Float64Array(new SharedArrayBuffer(8 * y.length));
  for (let i = 0; i < y.length; i++) values[i] = y[i] - base[0];
  const forest = await growForest(kind, params, X, { values }, { outputs: 1, base }, options);
  const model: ForestRegressor = {
    kind,
    task: "regression",
    params: { ...params },
    ...forest,
  };
  if (!params.oobScore) return model;
  return { ...model, outOfBag: await outOfBagValues(forest.trees, params, X, y, options) };
}
