/** Gradient boosting of numbers. */

import { DataError } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { TreeEnsemble } from "../trees/mod.ts";
import { type BoostingParams, fillBoosting, type FilledBoosting } from "./boosting_params.ts";
import { binFor, boost, type ValidationRows } from "./boosting_rounds.ts";
import type { RegressionOptions, Regressor, TreeRegressor } from "./contract.ts";
import { checkMonotoneWidth, checkValidation, refuseEarlyStopping } from "./gradient_boosting.ts";
import { logarithmic, type LossSpec, type NumberLoss } from "../tree_growth/mod.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { targetScale } from "./target_scale.ts";
import { checkRegressionData } from "./training_data.ts";

/** Parameters of {@link gradientBoostingRegressor}, named as LightGBM's. */
export interface BoostingRegressorParams extends BoostingParams {
  /**
   * What is minimised: squared error (default), the Huber loss, which counts
   * large errors by their size only, the pinball loss of a quantile, or the
   * deviance of counts ("poisson") or of amounts of which many are 0
   * ("tweedie"), which take targets of 0 or more and predict numbers above 0.
   */
  readonly loss?: NumberLoss;
  /**
   * Of "quantile" the share of targets below the prediction, above 0 and below
   * 1; of "huber" the error, in units of the target and above 0, beyond which it
   * is linear. Default 0.9.
   */
  readonly alpha?: number;
  /**
   * Of "poisson" how far a step of the predicted logarithm is trusted, above 0 to 10; default 0.7.
   */
  readonly poissonMaxDeltaStep?: number;
  /**
   * Of "tweedie" the power of the mean that the variance is, above 1 (as of counts) and below 2
   * (as of amounts); default 1.5.
   */
  readonly tweedieVariancePower?: number;
}

const losses: readonly NumberLoss[] = ["squared", "huber", "quantile", "poisson", "tweedie"];

type OwnParams = Required<
  Pick<BoostingRegressorParams, "loss" | "alpha" | "poissonMaxDeltaStep" | "tweedieVariancePower">
>;

type Params = FilledBoosting & OwnParams;

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
 * `regression`; other losses as LightGBM's `huber`, `poisson`, `tweedie` and
 * `quantile`, which sets each leaf to that quantile of what its rows leave over.
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
 * const y = Float32Array.of(1, 1, 1, 5, 5, 5);
 * const model = await gradientBoostingRegressor().fit(X, y, { seed: 42 });
 * assertAlmostEquals((await predictValues(model, matrixFromRows([[20]])))[0], 5, 0.01);
 * ```
 */
export function gradientBoostingRegressor(
  params: BoostingRegressorParams = {},
): BoostingRegressor {
  const own: OwnParams = {
    ...{ loss: "squared", alpha: 0.9, poissonMaxDeltaStep: 0.7, tweedieVariancePower: 1.5 },
  };
  const filled = fillBoosting<OwnParams>(params, own);
  const { loss } = filled;
  if (!losses.includes(loss)) {
    const known = losses.map((name) => `"${name}"`);
    const wanted = `${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    refuseParameter("GradientBoosting", "loss", loss, wanted);
  }
  const most = loss === "quantile" ? 1 - Number.EPSILON : Number.MAX_VALUE;
  checkRanges("GradientBoosting", filled, {
    alpha: { min: Number.MIN_VALUE, max: most },
    poissonMaxDeltaStep: { min: Number.MIN_VALUE, max: 10 },
    tweedieVariancePower: { min: 1 + Number.EPSILON, max: 2 - 2 * Number.EPSILON },
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
  y: Float32Array | Float64Array,
  options: BoostingRegressionOptions,
): Promise<TreeRegressor> {
  checkRegressionData(X, y, options);
  checkMonotoneWidth(params.monotone, X);
  if (options.validation) checkValidation(options.validation, X);
  if (params.earlyStoppingRounds !== null && !options.validation) refuseEarlyStopping();
  const { validation, sampleWeight } = options;
  const { targets, loss, gradientUnit, hessianUnit, curveUnit, back } = problemOf(
    params,
    y,
    sampleWeight,
  );
  // Penalties are in units of the slopes, a gain in that of their square over a hessian.
  const inUnits = {
    ...params,
    regAlpha: params.regAlpha / gradientUnit,
    gamma: params.gamma * hessianUnit / gradientUnit ** 2,
    regLambda: params.regLambda / hessianUnit,
    minChildWeight: params.minChildWeight / hessianUnit,
  };
  const { trees, curve, featureImportances } = await boost(
    inUnits,
    loss,
    binFor(params, X, options),
    targets(y, sampleWeight),
    {
      ...options,
      validation: validation &&
        { ...validation, y: targets(validation.y, validation.sampleWeight) },
    },
  );
  const inTarget = (values: readonly number[]) => values.map((value) => value * curveUnit);
  return {
    kind: "GradientBoosting",
    task: "regression",
    params: { ...params },
    trees: back(trees),
    featureImportances,
    ...curve && {
      curve: { ...curve, train: inTarget(curve.train), validation: inTarget(curve.validation) },
    },
  };
}

/** What trees are fitted to: targets near 1, whatever their unit, and the way back. */
interface ScaledProblem {
  readonly loss: LossSpec;
  /** What the trees are fitted to instead of some targets. */
  readonly targets: (values: ArrayLike<number>, weights?: Float32Array) => Float32Array;
  /** Gradients, hessians and losses of the targets themselves are so many times those. */
  readonly gradientUnit: number;
  readonly hessianUnit: number;
  readonly curveUnit: number;
  /** The trees that predict targets themselves. */
  readonly back: (trees: TreeEnsemble) => TreeEnsemble;
}

function problemOf(
  params: Params,
  y: Float32Array | Float64Array,
  sampleWeight: Float32Array | undefined,
): ScaledProblem {
  const { loss: kind, alpha, poissonMaxDeltaStep, tweedieVariancePower } = params;
  const spec = { kind, outputs: 1, softmaxFactor: 1 } as const;
  const { base, unit } = targetScale(y, sampleWeight);
  // A row without weight has no say, however far out: an infinite gradient × 0 would be NaN.
  const scaled =
    (scale: (value: number) => number): ScaledProblem["targets"] => (values, weights) =>
      Float32Array.from(values, (value, i) => weights?.[i] === 0 ? 0 : scale(value));
  if (logarithmic(kind)) {
    checkCounts(y, base, kind);
    const power = kind === "poisson" ? 1 : tweedieVariancePower;
    const slope = base ** (2 - power);
    return {
      loss: { ...spec, alpha: kind === "poisson" ? poissonMaxDeltaStep : power },
      targets: scaled((value) => value / base),
      ...{ gradientUnit: slope, hessianUnit: slope, curveUnit: slope },
      back: (trees) => ({ ...trees, base: Float64Array.of(Math.log(base) + trees.base[0]) }),
    };
  }
  // Slopes of a quantile have no unit, errors of the others that of the target.
  const slope = kind === "quantile" ? 1 : unit;
  return {
    loss: { ...spec, alpha: alpha / slope },
    targets: scaled((value) => (value - base) / unit),
    ...{ gradientUnit: slope, hessianUnit: 1, curveUnit: kind === "huber" ? unit ** 2 : unit },
    back: (trees) => ({
      ...trees,
      base: Float64Array.of(base + unit * trees.base[0]),
      leaves: trees.leaves.map((value) => value * unit),
    }),
  };
}

/** Refuses targets whose mean has no logarithm, or that no count or amount can be. */
function checkCounts(y: ArrayLike<number>, mean: number, loss: string): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] >= 0) continue;
    throw new DataError(
      `Cannot fit: row ${i} has target ${y[i]}, and ${loss} is of counts or amounts`,
      {
        next: 'give targets of 0 or more, or another loss, as "squared"',
      },
    );
  }
  if (mean > 0) return;
  throw new DataError(
    `Cannot fit: all targets that count are 0, of which ${loss} has no logarithm`,
    {
      next: 'give a target above 0, or another loss, as "squared"',
    },
  );
}
