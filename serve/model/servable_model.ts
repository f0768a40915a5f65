/** A model file in ONNX Runtime, as a server uses it. */

import { type FeatureState, readRowModel, type RowModelParts } from "../../src/onnx/row_model.ts";
import { type OnnxModel, openModel } from "../../src/onnx/session.ts";

/** What a server uses of a model. */
export interface ServableModel extends Pick<OnnxModel, "inputs" | "classes" | "frame" | "close"> {
  /** Reads its trees so that they can do without it; see {@linkcode readRowModel}. */
  readTrees(state: FeatureState): Promise<RowModelParts | undefined>;
}

/**
 * Loads a model in this thread.
 *
 * @throws {ModelError} as `openModel`.
 */
export async function openHere(onnx: Uint8Array): Promise<ServableModel> {
  const model = await openModel(onnx);
  return { ...model, readTrees: (state) => readRowModel(onnx, state, model) };
}
