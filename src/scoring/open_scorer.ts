/** A model that scores cleaned rows by the thousand: its trees in place, or ONNX Runtime. */

import { type CleanData, transform } from "../features/mod.ts";
import {
  onnxInputs,
  openModel,
  openRegression,
  readBatchModel,
  readRowModel,
} from "../onnx_runtime/mod.ts";
import { fileKindOf, givesNumber, type ModelMetadata } from "../registry/mod.ts";
import { decodeForecasts, Forecaster, predictMonths } from "../series/mod.ts";

/**
 * Scores rows: probabilities class by class, shape [classes × rows], or predicted numbers, shape
 * [rows].
 */
export type Scorer = (data: CleanData) => Promise<Float32Array | Float64Array>;

/**
 * Opens a model. Trees are read from its file and evaluated here, once they were seen to predict what
 * ONNX Runtime does; what has none runs there.
 *
 * @param path Path of the model's file.
 * @throws {ModelError} if the file is damaged, or its trees predict otherwise.
 */
export async function openScorer(path: string, metadata: ModelMetadata): Promise<Scorer> {
  const file = await Deno.readFile(path);
  const { feature_state: state, task } = metadata;
  if (fileKindOf(metadata) === "forecast") {
    const forecaster = new Forecaster(decodeForecasts(file));
    return (data) =>
      Promise.resolve(predictMonths(forecaster, onnxInputs(state, data), data.rows).mean);
  }
  const model = givesNumber(task) ? await openRegression(file) : await openModel(file);
  const trees = await readRowModel(file, state, model) && readBatchModel(file, state);
  if (trees !== undefined) {
    await model.close();
    return (data) => trees(transform(state, data));
  }
  return async (data) => {
    const found = await model.predict(onnxInputs(state, data));
    return "probabilities" in found ? found.probabilities.data : found;
  };
}
