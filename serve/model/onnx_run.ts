/** How a model of ONNX is run: by its own trees or tags where it has some, else by ONNX Runtime. */

import { rowModel, rowReasons } from "../../src/onnx_runtime/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import { answersOf } from "../predict/answers/tasks.ts";
import { MicroBatcher } from "./micro_batcher.ts";
import {
  type ModelRuntime,
  type ModelRuntimeOptions,
  refusing,
  type RowParts,
  unusableModel,
} from "./model_runtime.ts";
import { openModelThread, probeModel } from "./model_thread.ts";
import { RowInference } from "./row_inference.ts";
import { SpanInference } from "./span_inference.ts";
import { openHere, type ServableModel } from "./servable_model.ts";

/** Inferences of each warm-up size before a model takes requests. */
const WARM_UPS = 20;

/**
 * Bytes from which a model is loaded in a thread of its own, for it takes 100 ms
 * or more to load. What ONNX Runtime has to run stays there; the way to the
 * thread takes about 40 µs for a batch.
 */
const BIG_MODEL = 1 << 20;

/**
 * Loads a model and makes sure that it predicts before anybody relies on it.
 *
 * @throws {ModelError} if it cannot be read, contradicts its metadata, or
 * its first predictions are none.
 */
export async function openOnnxRun(
  source: string,
  onnx: Uint8Array,
  metadata: ModelMetadata,
  options: ModelRuntimeOptions,
): Promise<ModelRuntime> {
  const { microBatch, onBatch, onDoubt } = options;
  const task = metadata.task.kind;
  const { loadSeconds: seconds } = options;
  if (seconds !== undefined) {
    await refusing(source, () => probeModel(source, { onnx, task, seconds }));
  }
  const open = onnx.length < BIG_MODEL ? openHere : openModelThread;
  const model = await refusing(source, () => open(onnx, task));
  try {
    checkSchema(source, model, metadata);
    await refusing(source, () => smokeTest(source, model, metadata, [1, microBatch]));
  } catch (error) {
    await model.close();
    throw error;
  }
  const columns = model.inputs.map(({ name }) => name);
  const parts = await partsOf(model, metadata, (reason) => onDoubt(source, reason));
  if (parts === undefined) {
    const inference = new MicroBatcher(model, model.classes, microBatch, onBatch);
    return { columns, runtime: "ONNX Runtime", inference, close: () => model.close() };
  }
  await model.close();
  return rowRun(columns, parts, options);
}

/** Runs what {@linkcode openOnnxRun} read, in any thread. */
export function rowRun(
  columns: readonly string[],
  parts: RowParts,
  { onBatch }: Pick<ModelRuntimeOptions, "onBatch">,
): ModelRuntime {
  if ("chain" in parts) {
    const inference = new SpanInference(parts, onBatch);
    return { columns, runtime: "tag chain", parts, inference, close: () => inference.close() };
  }
  const inference = new RowInference(rowModel(parts), onBatch, rowReasons(parts));
  return { columns, runtime: "trees", parts, inference, close: () => Promise.resolve() };
}

/** The model's trees or tags; undefined if it has none, or ONNX Runtime had better run them. */
async function partsOf(
  model: ServableModel,
  { feature_state }: ModelMetadata,
  onDoubt: (reason: string) => void,
): Promise<RowParts | undefined> {
  try {
    return await model.readParts(feature_state);
  } catch (error) {
    onDoubt(error instanceof Error ? error.message : String(error));
  }
}

function checkSchema(source: string, model: ServableModel, metadata: ModelMetadata): void {
  const described = new Map(metadata.input_schema.map(({ name, kind }) => [name, kind]));
  for (const { name, kind } of model.inputs) {
    if (described.get(name) !== kind) {
      throw unusableModel(source, `its input "${name}" is ${kind}, but not in its metadata`);
    }
  }
  if (described.size !== model.inputs.length) {
    throw unusableModel(
      source,
      `it reads ${model.inputs.length} columns, its metadata ${described.size}`,
    );
  }
  const [has, says] = [model.classes.join(", "), metadata.class_labels.join(", ")];
  if (has !== says) {
    throw unusableModel(source, `its classes are ${has}, its metadata says ${says}`);
  }
}

/** Predicts rows in which everything is missing, which every model must be able to. */
async function smokeTest(
  source: string,
  model: ServableModel,
  { task }: ModelMetadata,
  sizes: readonly number[],
): Promise<void> {
  for (const rows of sizes) {
    const frame = model.frame(rows);
    for (let i = 0; i < WARM_UPS; i++) {
      const { labels: [label], scores } = await frame.predict();
      if (label !== undefined && !model.classes.includes(label)) {
        throw unusableModel(source, `it predicts "${label}", which is none of its classes`);
      }
      const fault = answersOf(task).fault(scores.map((ofRows) => ofRows[0]));
      if (fault !== undefined) throw unusableModel(source, `it predicts ${fault}`);
    }
  }
}
