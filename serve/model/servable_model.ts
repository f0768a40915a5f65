/** A model file in ONNX Runtime, as a server uses it. */

import { type FeatureState, readRowModel, type RowModelParts } from "../../src/onnx/row_model.ts";
import { type TaskKind, tasks } from "../predict/answers/tasks.ts";
import type { TaskModel } from "../predict/answers/contract.ts";

/** What a server uses of a model. */
export interface ServableModel extends Pick<TaskModel, "inputs" | "frame" | "close"> {
  /** The classes that it tells apart; none if it predicts a number. */
  readonly classes: readonly string[];
  /** Reads its trees so that they can do without it; see {@linkcode readRowModel}. */
  readTrees(state: FeatureState): Promise<RowModelParts | undefined>;
}

/**
 * Loads a model of a task in this thread.
 *
 * @throws {ModelError} if it cannot be read, or is none of that task.
 */
export async function openHere(onnx: Uint8Array, task: TaskKind): Promise<ServableModel> {
  const model = await tasks[task].open(onnx);
  const classes = "classes" in model ? model.classes : [];
  return { ...model, classes, readTrees: (state) => readRowModel(onnx, state, model) };
}
