/** Extremely randomised trees: forests whose columns are cut at random places. */

import type { Learner, Regressor } from "./contract.ts";
import {
  type ForestClassifier,
  forestClassifier,
  type RandomForestParams,
} from "./random_forest.ts";
import {
  type ForestRegressor,
  forestRegressor,
  type RandomForestRegressorParams,
} from "./random_forest_regressor.ts";

/**
 * Extremely randomised trees with the parameters and defaults of scikit-learn's
 * `ExtraTreesClassifier`: of each column that a node looks at one cut is drawn
 * evenly between its lowest and highest value there, and the best of these
 * splits the node; each tree sees all rows unless `bootstrap` is set. Columns of
 * categories are split by the best set in their order, as in a random forest.
 *
 * Source: Geurts, Ernst and Wehenkel (2006), "Extremely randomized trees".
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1, 1);
 * const model = await extraTrees({ nEstimators: 20 }).fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function extraTrees(params: RandomForestParams = {}): Learner<ForestClassifier> {
  return forestClassifier("ExtraTrees", params);
}

/**
 * Extremely randomised trees for numbers, with the parameters and defaults of
 * scikit-learn's `ExtraTreesRegressor`, otherwise as {@link extraTrees}.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predictValues } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [10], [11]]);
 * const model = await extraTreesRegressor({ nEstimators: 20 })
 *   .fit(X, Float64Array.of(5, 5, 9, 9), { seed: 42 });
 * assertEquals([...await predictValues(model, matrixFromRows([[-1], [20]]))], [5, 9]);
 * ```
 */
export function extraTreesRegressor(
  params: RandomForestRegressorParams = {},
): Regressor<ForestRegressor> {
  return forestRegressor("ExtraTrees", params);
}
