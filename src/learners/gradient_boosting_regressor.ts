/** Gradient boosting of numbers. */

import type { Matrix } from "../table/mod.ts";
import { type BoostingParams, fillBoosting, type FilledBoosting } from "./boosting_params.ts";
import { boost, type ValidationRows } from "./boosting_rounds.ts";
import type { RegressionOptions, Regressor, TreeRegressor } from "./contract.ts";
import { checkMonotoneWidth, checkValidation, refuseEarlyStopping } from "./gradient_boosting.ts";
import type { NumberLoss } from "./gradients.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { targetScale } from "./target_scale.ts";
import { checkRegressionData } from "./training_data.ts";

/** Parameters of {@link gradientBoostingRegressor}, named as LightGBM's. */
export interface BoostingRegressorParams extends BoostingParams {
  /**
   * What is minimised: squared error (default), the Huber loss, which counts
   * large errors by their size only, or the pinball loss of a quantile.
   */
  readonly loss?: NumberLoss;
  /**
   * Of "quantile" the share of targets below the prediction, above 0 and below
   * 1; of "huber" the error, in units of the target and above 0, beyond which it
   * is linear. Default 0.9.
   */
  readonly alpha?: number;
}

type Params = FilledBoosting & Required<BoostingRegressorParams>;

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
   * @throws {DataError} if the data cannot be learned from; the message names why.
   */
  fit(
    X: Matrix,
    y: Float32Array | Float64Array,
    options: BoostingRegressionOptions,
  ): Promise<TreeRegressor>;
}

/**
 * Gradient boosting of numbers by squared error, otherwise as the classifier:
 * depth-wise as XGBoost's `reg:squarederror`, leaf-wise as LightGBM's
 * `regression`; other losses as LightGBM's `huber` and `quantile`, which sets
 * each leaf to that quantile of what its rows leave over.
 *
 * @throws {UsageError} if a parameter is out of its range.
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
export function gradientBoostingRegressor(
  params: BoostingRegressorParams = {},
): BoostingRegressor {
  const own: Required<Pick<Params, "loss" | "alpha">> = { loss: "squared", alpha: 0.9 };
  const filled = fillBoosting<typeof own>(params, own);
  const { loss } = filled;
  if (!["squared", "huber", "quantile"].includes(loss)) {
    refuseParameter("GradientBoosting", "loss", loss, '"squared", "huber" or "quantile"');
  }
  const most = loss === "quantile" ? 1 - Number.EPSILON : Number.MAX_VALUE;
  checkRanges("GradientBoosting", filled, { alpha: { min: Number.MIN_VALUE, max: most } });
  return {
    name: "GradientBoosting",
    params: { ...filled },
    fit: (X, y, options) => fit(filled, X, y, options),
  };
}

async function fit(
  params: Params,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: BoostingRegressionOptions,
): Promise<TreeRegressor> {
  checkRegressionData(X, y, options);
  checkMonotoneWidth(params.monotone, X);
  if (options.validation) checkValidation(options.validation, X);
  if (params.earlyStoppingRounds !== null && !options.validation) refuseEarlyStopping();
  const { validation, sampleWeight } = options;
  const { base, unit } = targetScale(y, sampleWeight);
  // A row without weight has no say, however far out: an infinite gradient × 0 would be NaN.
  const scaled = (values: ArrayLike<number>, weights?: Float32Array) =>
    Float32Array.from(values, (value, i) => weights?.[i] === 0 ? 0 : (value - base) / unit);
  const isQuantile = params.loss === "quantile";
  // Slopes of a quantile have no unit, errors of the others that of the target.
  const slope = isQuantile ? 1 : unit;
  const loss = {
    ...{ kind: params.loss, outputs: 1, softmaxFactor: 1, alpha: params.alpha / slope },
  } as const;
  // Penalties are in units of the slopes: gradients shrink as these do, gains as their square.
  const inUnits = {
    ...params,
    regAlpha: params.regAlpha / slope,
    gamma: params.gamma / slope ** 2,
  };
  const { trees, curve, featureImportances } = await boost(
    inUnits,
    loss,
    X,
    scaled(y, sampleWeight),
    {
      ...options,
      validation: validation && { ...validation, y: scaled(validation.y, validation.sampleWeight) },
    },
  );
  const ofCurve = params.loss === "huber" ? unit ** 2 : unit;
  const back = (values: readonly number[]) => values.map((value) => value * ofCurve);
  return {
    kind: "GradientBoosting",
    task: "regression",
    params: { ...params },
    trees: {
      ...trees,
      base: Float64Array.of(base + unit * trees.base[0]),
      leaves: trees.leaves.map((value) => value * unit),
    },
    featureImportances,
    ...curve && {
      curve: { ...curve, train: back(curve.train), validation: back(curve.validation) },
    },
  };
}
