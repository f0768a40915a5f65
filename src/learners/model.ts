/** What can be done with a fitted model. */

import { ModelError, type WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../table/mod.ts";
import {
  type PackedEnsemble,
  packEnsemble,
  predictLabels,
  predictProba as probabilitiesOf,
  scores,
  unpackEnsemble,
} from "../trees/mod.ts";
import type { Classifier, RegressionModel } from "./contract.ts";

/**
 * The probability of each class for each row of `X`.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Class by class, shape [classes × rows]: class k of row i is at `k * rows + i`.
 * @throws {ModelError} where X has another number of columns than the model was fitted on.
 */
export function predictProba(
  model: Classifier,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Float32Array> {
  return probabilitiesOf(model.trees, X, pool);
}

/**
 * The most probable class of each row of `X`; of equally probable ones the first.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Labels, shape [rows].
 * @throws {ModelError} where X has another number of columns than the model was fitted on.
 */
export function predict(model: Classifier, X: Matrix, pool?: WorkerPool): Promise<Int32Array> {
  return predictLabels(model.trees, X, pool);
}

/**
 * The number that a regression predicts for each row of `X`.
 *
 * @param pool Workers to spread many rows over; the result is the same.
 * @returns Predictions, shape [rows].
 * @throws {ModelError} where X has another number of columns than the model was fitted on.
 */
export function predictValues(
  model: RegressionModel,
  X: Matrix,
  pool?: WorkerPool,
): Promise<Float32Array> {
  return scores(model.trees, X, pool);
}

/** Marks the JSON form, so that another file is refused by name. */
const format = "dinoflow-tree-classifier-1";

/** A fitted classifier in JSON. */
interface SavedModel extends Omit<Classifier, "trees" | "featureImportances"> {
  readonly format: typeof format;
  readonly trees: PackedEnsemble;
  readonly featureImportances: readonly number[];
}

/** The model as JSON text, which {@link loadModel} turns back into the same model to the bit. */
export function saveModel(model: Classifier): string {
  const saved: SavedModel = {
    format,
    ...model,
    featureImportances: [...model.featureImportances],
    trees: packEnsemble(model.trees),
  };
  return JSON.stringify(saved);
}

/**
 * The model that {@link saveModel} saved.
 *
 * @throws {ModelError} where the text is not such a model or is damaged.
 */
export function loadModel(json: string): Classifier {
  const { format: _, featureImportances, trees, ...rest } = parse(json);
  return {
    ...rest,
    featureImportances: Float64Array.from(featureImportances),
    trees: unpackEnsemble(trees),
  };
}

function parse(json: string): SavedModel {
  let cause: unknown;
  try {
    const saved = JSON.parse(json) as Partial<SavedModel> | null;
    if (saved?.format === format && saved.trees && saved.featureImportances) {
      return saved as SavedModel;
    }
  } catch (error) {
    cause = error;
  }
  throw new ModelError(`Cannot load the model: the text is not a ${format} in JSON`, {
    next: "give what saveModel wrote",
    cause,
  });
}
