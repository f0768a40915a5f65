/** Predictions of fitted models. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import {
  applyLink,
  mostProbable,
  predictNumbers,
  predictTreeProba as probabilitiesOf,
} from "../trees/mod.ts";
import { calibratedProba, decisionScores } from "./calibration/calibrate.ts";
import type { Classifier, RegressionModel } from "./contract.ts";
import { linearScores } from "./linear_scores.ts";
import { neighborMeans, neighborShares } from "./neighbors/k_neighbors.ts";

/**
 * The probability of each class for each row of `X`.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Class by class, shape [classes × rows]: class k of row i is at `k * rows + i`.
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export async function predictProba(
  model: Classifier,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Float32Array> {
  switch (model.kind) {
    case "LogisticRegression":
    case "LinearSvm":
      return applyLink(
        model.classes === 2 ? "logistic" : "softmax",
        Float32Array.from(linearScores(model, X)),
        X.rows,
      );
    case "KNeighbors":
      return neighborShares(model, X);
    case "Calibrated":
      return calibratedProba(model.calibrators, await decisionScores(model.base, X, pool));
    default:
      return await probabilitiesOf(model.trees, X, pool);
  }
}

/**
 * The most probable class of each row of `X`; of equally probable ones the first.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Labels, shape [rows].
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export async function predict(
  model: Classifier,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Int32Array> {
  return mostProbable(await predictProba(model, X, pool), X.rows);
}

/**
 * The number that a regression predicts for each row of `X`.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Predictions, shape [rows].
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export async function predictValues(
  model: RegressionModel,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Float64Array> {
  if ("trees" in model) return await predictNumbers(model.trees, X, pool);
  return model.kind === "KNeighbors" ? neighborMeans(model, X) : linearScores(model, X);
}
