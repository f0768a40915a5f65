/** A model file in ONNX Runtime, as a server uses it. */

import { ModelError } from "../../src/base/mod.ts";
import { type FeatureState, readRowModel, readSpanModel } from "../../src/onnx_runtime/mod.ts";
import { type TaskKind, tasks } from "../predict/answers/tasks.ts";
import type { TaskModel } from "../predict/answers/contract.ts";
import type { RowParts } from "./model_runtime.ts";

/** What a server uses of a model. */
export interface ServableModel extends Pick<TaskModel, "inputs" | "frame" | "close"> {
  /** The classes that it tells apart; none if it predicts a number. */
  readonly classes: readonly string[];
  /**
   * Reads what it computes so that rows can do without it; see {@linkcode readRowModel} and
   * {@linkcode readSpanModel}.
   */
  readParts(state: FeatureState): Promise<RowParts | undefined>;
}

/**
 * Loads a model of a task in this thread.
 *
 * @throws {ModelError} if it cannot be read, or is none of that task.
 */
export async function openHere(onnx: Uint8Array, task: TaskKind): Promise<ServableModel> {
  const { open, reasons } = tasks[task];
  if (open === undefined) {
    throw new ModelError(`Cannot load a model of the task "${task}" as ONNX`, {
      next: "export the model again: its metadata tell another file than it has",
    });
  }
  const model = await open(onnx);
  const classes = "classes" in model ? model.classes : [];
  return {
    ...{ ...model, classes },
    readParts: (state) =>
      "tags" in model
        ? readSpanModel(onnx, state, model)
        : readRowModel(onnx, state, model, reasons),
  };
}
