/** Baselines that say of a row what its nearest neighbours were. */

import { fillSettings, Random, YieldingLoop } from "../../base/mod.ts";
import { type Matrix, takeRows } from "../../dataset/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "../class_weight.ts";
import type {
  FitOptions,
  Learner,
  NeighborClassifier,
  NeighborRegressor,
  Neighbors,
  RegressionOptions,
  Regressor,
} from "../contract.ts";
import { filledColumns } from "../imputed_columns.ts";
import { checkRanges } from "../parameters.ts";
import { pick } from "../pick.ts";
import { checkRegressionData, checkTrainingData } from "../training_data.ts";
import { latticeOf, onLattice } from "./lattice.ts";
import { nearestRows } from "./nearest.ts";

/** Parameters of {@link kNeighborsRegressor}, named as scikit-learn's. */
export interface KNeighborsRegressorParams {
  /** Number of neighbours that are asked, 1 to 1,000, or all rows if there are fewer; default 5. */
  readonly nNeighbors?: number;
  /**
   * Most rows that are kept, 1 to 50,000; more are drawn by chance. Default 5,000: the model holds
   * them, and each prediction measures the distance to all.
   */
  readonly maxRows?: number;
}

/** Parameters of {@link kNeighbors}. */
export interface KNeighborsParams extends KNeighborsRegressorParams {
  /** How much the vote of each class counts; default null. */
  readonly classWeight?: ClassWeight;
}

const name = "KNeighbors";

/**
 * A classifier that gives the shares of the classes among the nearest training rows, by the
 * Euclidean distance of standardised columns; a missing value counts as the column's mean. Rows
 * without weight are left out, the votes of the others weighed.
 *
 * Standardised values are rounded to 1/16384, so that distances are whole numbers: the exported
 * model finds the same neighbours, equally near ones included.
 *
 * Source: scikit-learn `KNeighborsClassifier` after `StandardScaler`.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../../dataset/mod.ts";
 * import { predictProba } from "../model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11]]);
 * const model = await kNeighbors({ nNeighbors: 2 })
 *   .fit(X, Int32Array.of(0, 0, 1, 1, 1), { classes: 2, seed: 1 });
 * assertEquals([...await predictProba(model, matrixFromRows([[1.6], [12]]))], [0.5, 0, 0.5, 1]);
 * ```
 */
export function kNeighbors(params: KNeighborsParams = {}): Learner<NeighborClassifier> {
  const defaults = { nNeighbors: 5, maxRows: 5000, classWeight: null };
  const filled = fillSettings<Required<KNeighborsParams>>(name, defaults, params);
  check(filled);
  checkClassWeight(name, filled.classWeight);
  return {
    name,
    params: { ...filled },
    async fit(X, y, options: FitOptions) {
      checkTrainingData(X, y, options);
      const weights = weighRows(y, filled.classWeight, options);
      const { rows, ...kept } = await keep(filled, X, weights, options);
      return {
        kind: name,
        params: { ...filled },
        classes: options.classes,
        ...kept,
        labels: pick(y, rows),
        featureImportances: new Float64Array(X.columns),
      };
    },
  };
}

/**
 * A regression that gives the mean target of the nearest training rows, found as by
 * {@link kNeighbors}.
 *
 * Source: scikit-learn `KNeighborsRegressor` after `StandardScaler`.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../../dataset/mod.ts";
 * import { predictValues } from "../model.ts";
 *
 * const X = matrixFromRows([[0], [1], [10], [11]]);
 * const model = await kNeighborsRegressor({ nNeighbors: 2 })
 *   .fit(X, Float64Array.of(1, 3, 10, 20), { seed: 1 });
 * assertEquals([...await predictValues(model, matrixFromRows([[-5], [12]]))], [2, 15]);
 * ```
 */
export function kNeighborsRegressor(
  params: KNeighborsRegressorParams = {},
): Regressor<NeighborRegressor> {
  const defaults = { nNeighbors: 5, maxRows: 5000 };
  const filled = fillSettings<Required<KNeighborsRegressorParams>>(name, defaults, params);
  check(filled);
  return {
    name,
    params: { ...filled },
    async fit(X, y, options) {
      checkRegressionData(X, y, options);
      const { rows, ...kept } = await keep(filled, X, options.sampleWeight, options);
      return {
        kind: name,
        task: "regression",
        params: { ...filled },
        ...kept,
        targets: Float64Array.from(rows, (row) => y[row]),
        featureImportances: new Float64Array(X.columns),
      };
    },
  };
}

function check(params: Required<KNeighborsRegressorParams>): void {
  checkRanges(name, params, {
    nNeighbors: { min: 1, max: 1000, whole: true },
    maxRows: { min: 1, max: 50_000, whole: true },
  });
}

async function keep(
  { nNeighbors, maxRows }: Required<KNeighborsRegressorParams>,
  X: Matrix,
  weights: Float32Array | undefined,
  options: RegressionOptions,
): Promise<Neighbors & { readonly rows: Int32Array }> {
  const pace = new YieldingLoop(options);
  const counted = Int32Array.from({ length: X.rows }, (_, row) => row)
    .filter((row) => weights === undefined || weights[row] > 0);
  const rows = counted.length <= maxRows
    ? counted
    : new Random(options.seed).shuffle(counted).subarray(0, maxRows).slice().sort();
  const lattice = latticeOf(filledColumns(X, weights));
  await pace.step(0.5);
  const places = Float32Array.from(onLattice(lattice, takeRows(X, rows)));
  await pace.step(1);
  return {
    rows,
    ...lattice,
    places,
    weights: Float32Array.from(rows, (row) => weights?.[row] ?? 1),
    neighbors: Math.min(nNeighbors, rows.length),
  };
}

/**
 * The shares of the classes among the neighbours of each row.
 *
 * @returns Class by class, shape [classes × rows].
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export function neighborShares(model: NeighborClassifier, X: Matrix): Float32Array {
  const { classes, labels, weights } = model;
  const shares = new Float32Array(classes * X.rows);
  const votes = new Float64Array(classes);
  eachNeighborhood(model, X, (i, rows) => {
    votes.fill(0);
    for (const row of rows) votes[labels[row]] += weights[row];
    const total = votes.reduce((sum, vote) => sum + vote, 0);
    votes.forEach((vote, k) => shares[k * X.rows + i] = vote / total);
  });
  return shares;
}

/**
 * The mean target of the neighbours of each row, shape [rows].
 *
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export function neighborMeans(model: NeighborRegressor, X: Matrix): Float64Array {
  const { targets, weights } = model;
  const means = new Float64Array(X.rows);
  eachNeighborhood(model, X, (i, rows) => {
    let sum = 0;
    let total = 0;
    for (const row of rows) {
      sum += weights[row] * targets[row];
      total += weights[row];
    }
    means[i] = sum / total;
  });
  return means;
}

function eachNeighborhood(
  { places, centre, scale, neighbors: k }: Neighbors,
  X: Matrix,
  hear: (row: number, neighbors: Int32Array) => void,
): void {
  const kept = { places, features: centre.length };
  const nearest = nearestRows(kept, onLattice({ centre, scale }, X), k);
  for (let i = 0; i < X.rows; i++) hear(i, nearest.subarray(i * k, (i + 1) * k));
}
