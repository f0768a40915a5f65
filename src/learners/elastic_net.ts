/** Linear regression that leaves columns out: penalties on the size of coefficients. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { centredColumns, planeOf } from "./centred_columns.ts";
import type { LinearRegressor, RegressionOptions, Regressor } from "./contract.ts";
import { checkRanges } from "./parameters.ts";
import { checkRegressionData } from "./training_data.ts";

/** Parameters of {@link elasticNet}, named as scikit-learn's. */
export interface ElasticNetParams {
  /** Strength of both penalties, above 0; default 1. */
  readonly alpha?: number;
  /** Share of the L1 penalty, 0 to 1, if 1 is the lasso; default 0.5. */
  readonly l1Ratio?: number;
  /** The pass is the last that lowers the loss by tol² of the targets' variance or less; default 1e-8. */
  readonly tol?: number;
  /** Most passes over the coefficients, 1 to 1,000,000; default 10,000. */
  readonly maxIter?: number;
}

/** Rows whose products are summed between two looks at the signal. */
const blockRows = 4096;

/**
 * A linear regression with the loss of scikit-learn's `ElasticNet`: half the
 * weighted mean of squared errors plus `alpha` × (`l1Ratio` × Σ|coefficient| +
 * (1 − `l1Ratio`) / 2 × Σ coefficient²), the intercept not penalised. The L1
 * part sets coefficients to 0. Columns are best scaled, as the penalty is on the
 * coefficients of the columns as they are.
 *
 * A missing value counts as the column's mean over the training rows. Memory
 * and each pass grow with the square of the number of columns, not with rows.
 *
 * Source: Friedman, Hastie and Tibshirani (2010), "Regularization Paths for
 * Generalized Linear Models via Coordinate Descent", with covariance updates.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 *
 * const X = matrixFromRows([[0, 1], [1, 1.1], [2, 0.9], [3, 1]]);
 * const model = await elasticNet({ alpha: 0.1, l1Ratio: 1 })
 *   .fit(X, Float64Array.of(0, 2, 4, 6), { seed: 0 });
 * assertEquals(model.coefficients[1], 0);
 * ```
 */
export function elasticNet(params: ElasticNetParams = {}): Regressor<LinearRegressor> {
  const name = "ElasticNet";
  const defaults = { alpha: 1, l1Ratio: 0.5, tol: 1e-8, maxIter: 10_000 };
  const filled = fillSettings<Required<ElasticNetParams>>(name, defaults, params);
  checkRanges(name, filled, {
    alpha: { min: Number.MIN_VALUE, max: 1e300 },
    l1Ratio: { min: 0, max: 1 },
    tol: { min: Number.MIN_VALUE, max: 1 },
    maxIter: { min: 1, max: 1_000_000, whole: true },
  });
  return { name, params: { ...filled }, fit: (X, y, options) => fit(filled, X, y, options) };
}

async function fit(
  params: Required<ElasticNetParams>,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: RegressionOptions,
): Promise<LinearRegressor> {
  checkRegressionData(X, y, options);
  const { sampleWeight } = options;
  const pace = new YieldingLoop(options);
  const centred = centredColumns(X, y, sampleWeight);
  const { columns, means, meanTarget, used } = centred;
  const size = used.length;
  const products = new Float64Array(size * size);
  const right = new Float64Array(size);
  let whole = 0;
  let squares = 0;
  for (let start = 0; start < X.rows; start += blockRows) {
    const rows = Math.min(blockRows, X.rows - start);
    const weights = Float64Array.from({ length: rows }, (_, i) => sampleWeight?.[start + i] ?? 1);
    const rest = (values: ArrayLike<number>, mean: number) =>
      Float64Array.from({ length: rows }, (_, i) => values[start + i] - mean);
    const block = used.map((j) => rest(columns[j], means[j]));
    const targets = rest(y, meanTarget);
    for (let a = 0; a < size; a++) {
      const weighed = block[a].map((value, i) => value * weights[i]);
      for (let b = 0; b <= a; b++) products[a * size + b] += dot(weighed, block[b]);
      right[a] += dot(weighed, targets);
    }
    for (let i = 0; i < rows; i++) {
      whole += weights[i];
      squares += weights[i] * targets[i] ** 2;
    }
    await pace.step(start / X.rows / 2);
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) products[b * size + a] = products[a * size + b];
  }
  const scaled = { products: products.map((p) => p / whole), right: right.map((p) => p / whole) };
  const solution = await descend({ ...scaled, size, spread: squares / whole }, params, pace);
  await pace.step(1);
  return {
    kind: "ElasticNet",
    task: "regression",
    params: { ...params },
    ...planeOf(centred, solution),
  };
}

interface Quadratic {
  /** Mean products of columns, shape [size × size]. */
  readonly products: Float64Array;
  /** Mean products of columns with the target, shape [size]. */
  readonly right: Float64Array;
  readonly size: number;
  /** Mean square of the target. */
  readonly spread: number;
}

/** Coordinate descent: each coefficient in turn goes to its best, given the others. */
async function descend(
  { products, right, size, spread }: Quadratic,
  { alpha, l1Ratio, tol, maxIter }: Required<ElasticNetParams>,
  pace: YieldingLoop,
): Promise<Float64Array> {
  const w = new Float64Array(size);
  const l1 = alpha * l1Ratio;
  const l2 = alpha * (1 - l1Ratio);
  /** What is left of `right` once the coefficients have taken their part. */
  const left = right.slice();
  for (let pass = 0; pass < maxIter; pass++) {
    let lowered = 0;
    for (let j = 0; j < size; j++) {
      const own = products[j * size + j];
      const pull = left[j] + own * w[j];
      const next = Math.sign(pull) * Math.max(Math.abs(pull) - l1, 0) / (own + l2);
      const change = next - w[j];
      if (change === 0) continue;
      w[j] = next;
      for (let k = 0; k < size; k++) left[k] -= change * products[j * size + k];
      lowered += (own + l2) * change ** 2;
    }
    await pace.step(0.5 + 0.5 * (pass + 1) / (maxIter + 1));
    // Each step lowers the loss by half of what it adds here.
    if (lowered <= tol ** 2 * spread) break;
  }
  return w;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
