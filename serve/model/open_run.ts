/** From the file of a model to what runs it, by what the file holds: the only place that lists that. */

import { fileKindOf, type ModelFileKind, type ModelMetadata } from "../../src/registry/mod.ts";
import { answersOf } from "../predict/answers/tasks.ts";
import { openForecastRun } from "./forecast_run.ts";
import type { ModelRuntime, ModelRuntimeOptions } from "./model_runtime.ts";
import { openOnnxRun } from "./onnx_run.ts";

type OpenRun = (
  source: string,
  file: Uint8Array,
  metadata: ModelMetadata,
  options: ModelRuntimeOptions,
) => Promise<ModelRuntime>;

const runs: Readonly<Record<ModelFileKind, OpenRun>> = {
  onnx: openOnnxRun,
  forecast: openForecastRun,
};

/**
 * Loads a model and makes sure that it predicts before anybody relies on it.
 *
 * @throws {ModelError} if it cannot be read, contradicts its metadata, or
 * its first predictions are none.
 */
export const openRun: OpenRun = async (source, file, metadata, options) => {
  answersOf(metadata.task);
  return await runs[fileKindOf(metadata)](source, file, metadata, options);
};
