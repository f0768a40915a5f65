/** Linear regression: the baseline of regression. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { centredColumns, planeOf } from "./centred_columns.ts";
import type { LinearRegressor, RegressionOptions, Regressor } from "./contract.ts";
import { absorb, emptyTriangle, solve } from "./least_squares.ts";
import { checkRanges } from "./parameters.ts";
import { checkRegressionData } from "./training_data.ts";

/** Parameters of {@link linearRegression}, named as scikit-learn's. */
export interface LinearRegressionParams {
  /** Strength of the L2 penalty, 0 or more; default 0, plain least squares. */
  readonly alpha?: number;
}

/** Rows that are brought into the triangle at a time. */
const blockRows = 1024;

/**
 * A linear regression by least squares, with `alpha` a ridge regression; the
 * intercept is not penalised. Where columns depend on one another, as one-hot
 * columns do, the shortest of all best coefficients is taken.
 *
 * A missing value counts as the column's mean over the training rows. The fit
 * runs on one thread and leaves the pool to other fits.
 *
 * Source: scikit-learn `LinearRegression` and `Ridge`.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictValues } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2]]);
 * const model = await linearRegression().fit(X, Float32Array.of(1, 3, 5), { seed: 0 });
 * const [predicted] = await predictValues(model, matrixFromRows([[10]]));
 * assertAlmostEquals(predicted, 21, 1e-5);
 * ```
 */
export function linearRegression(
  params: LinearRegressionParams = {},
): Regressor<LinearRegressor> {
  const name = "LinearRegression";
  const { alpha } = fillSettings(name, { alpha: 0 }, params);
  checkRanges(name, { alpha }, { alpha: { min: 0, max: 1e300 } });
  return { name, params: { alpha }, fit: (X, y, options) => fit(alpha, X, y, options) };
}

async function fit(
  alpha: number,
  X: Matrix,
  y: Float32Array | Float64Array,
  options: RegressionOptions,
): Promise<LinearRegressor> {
  checkRegressionData(X, y, options);
  const { sampleWeight } = options;
  const pace = new YieldingLoop(options);
  const centred = centredColumns(X, y, sampleWeight);
  const { columns, means, meanTarget, used } = centred;
  const triangle = emptyTriangle(used.length);
  for (let start = 0; start < X.rows; start += blockRows) {
    const rows = Math.min(blockRows, X.rows - start);
    const block = new Float64Array((used.length + 1) * rows);
    const write = (place: number, values: ArrayLike<number>, mean: number) => {
      for (let i = 0; i < rows; i++) {
        const root = sampleWeight ? Math.sqrt(sampleWeight[start + i]) : 1;
        block[place * rows + i] = root * (values[start + i] - mean);
      }
    };
    used.forEach((j, place) => write(place, columns[j], means[j]));
    write(used.length, y, meanTarget);
    absorb(triangle, block, rows);
    await pace.step(start / X.rows / 2);
  }
  const smallest = Math.max(X.rows, X.columns) * Number.EPSILON;
  const solution = await solve(triangle, { alpha, smallest, pace });
  await pace.step(1);
  return {
    kind: "LinearRegression",
    task: "regression",
    params: { alpha },
    ...planeOf(centred, solution),
  };
}
