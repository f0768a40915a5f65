/** Gradient boosting of numbers. */

import type { Matrix } from "../table/mod.ts";
import { type BoostingParams, fillBoosting, type FilledBoosting } from "./boosting_params.ts";
import { boost, type ValidationRows } from "./boosting_rounds.ts";
import type { RegressionOptions, Regressor, TreeRegressor } from "./contract.ts";
import { checkMonotoneWidth, checkValidation, refuseEarlyStopping } from "./gradient_boosting.ts";
import { checkRegressionData } from "./training_data.ts";

/** A fit of {@link gradientBoostingRegressor}, with rows to watch it by. */
export interface BoostingRegressionOptions extends RegressionOptions {
  /** Rows that are not learned from: they give the curve and stop the fit early. */
  readonly validation?: ValidationRows<Float32Array | Float64Array>;
}

/** A gradient boosting regression before it is fitted. */
export interface BoostingRegressor extends Regressor {
  /**
   * Fits the boosting to `X` (NaN is a missing value) and numbers `y`.
   *
   * @throws {DataError} where the data cannot be learned from; the message names why.
   */
  fit(
    X: Matrix,
    y: Float32Array | Float64Array,
    options: BoostingRegressionOptions,
  ): Promise<TreeRegressor>;
}

/**
 * Gradient boosting of numbers by squared error, otherwise as the classifier:
 * depth-wise as XGBoost's `reg:squarederror`, leaf-wise as LightGBM's `regression`.
 *
 * @throws {UsageError} where a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrixFromRows } from "../table/mod.ts";
 * import { predictValues } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Float32Array.of(1, 1, 1, 5, 5, 5);
 * const model = await gradientBoostingRegressor().fit(X, y, { seed: 42 });
 * assertAlmostEquals((await predictValues(model, matrixFromRows([[20]])))[0], 5, 0.01);
 * ```
 */
export function gradientBoostingRegressor(params: BoostingParams = {}): BoostingRegressor {
  const filled = fillBoosting(params, {});
  return {
    name: "GradientBoosting",
    params: { ...filled },
    fit: (X, y, options) => fit(filled, X, y, options),
  };
}

async function fit(
  params: FilledBoosting,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: BoostingRegressionOptions,
): Promise<TreeRegressor> {
  checkRegressionData(X, y, options);
  checkMonotoneWidth(params.monotone, X);
  if (options.validation) checkValidation(options.validation, X);
  if (params.earlyStoppingRounds !== null && !options.validation) refuseEarlyStopping();
  const loss = { kind: "squared", outputs: 1, softmaxFactor: 1 } as const;
  const boosted = await boost(params, loss, X, Float32Array.from(y), options);
  return { kind: "GradientBoosting", task: "regression", params: { ...params }, ...boosted };
}
