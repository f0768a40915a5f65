/**
 * A model in a thread of its own. ONNX Runtime's binding works on the thread
 * that calls it, so that loading a big model would hold up every request.
 */

import { ModelError, task, WorkerPool } from "../../src/base/mod.ts";
import {
  type FeatureState,
  type FramePredictions,
  type InputFrame,
  type RowModel,
  spanModel,
  type SpanModelParts,
} from "../../src/onnx_runtime/mod.ts";
import type { TaskKind } from "../predict/answers/tasks.ts";
import { openHere, type ServableModel } from "./servable_model.ts";

/** Rows to predict: the numbers column after column in shared memory, and the columns of texts. */
interface Batch {
  readonly rows: number;
  readonly numbers: Float32Array<SharedArrayBuffer>;
  readonly texts: readonly string[][];
}

/** A file and what it predicts. */
interface Opened {
  readonly onnx: Uint8Array;
  readonly task: TaskKind;
}

/** In a model's thread: its model, and the memory of batches by their rows. */
let model: ServableModel;
const frames: InputFrame[] = [];

/** Loads the thread's model. */
export const loadTask = task(import.meta.url, "loadTask", async ({ onnx, task }: Opened) => {
  frames.length = 0; // those of the model before
  model = await openHere(onnx, task);
  const { inputs, classes } = model;
  return { inputs, classes };
});

/** Reads what the thread's model computes. */
export const partsTask = task(
  import.meta.url,
  "partsTask",
  (state: FeatureState) => model.readParts(state),
);

/** Predicts with the thread's model. */
export const predictTask = task(
  import.meta.url,
  "predictTask",
  ({ rows, numbers, texts }: Batch): Promise<FramePredictions> => {
    const frame = frames[rows] ??= model.frame(rows);
    let read = 0;
    let text = 0;
    for (const column of frame.columns) {
      if (column instanceof Float32Array) column.set(numbers.subarray(read, read += rows));
      else texts[text++].forEach((value, row) => column[row] = value);
    }
    return frame.predict();
  },
);

/** Loads a model and predicts one row in which everything is missing. */
export const probeTask = task(import.meta.url, "probeTask", async ({ onnx, task }: Opened) => {
  const tried = await openHere(onnx, task);
  await tried.frame(1).predict();
  await tried.close();
});

/** A text, and the model of spans that is to read it; `of` is the same for the same model. */
interface LongText {
  readonly of: number;
  readonly parts: SpanModelParts;
  readonly text: string;
}

/** In a thread for long texts: the model that it read last. */
let tagger: { readonly of: number; readonly predict: RowModel } | undefined;

/** Finds the spans of a text. */
export const spansTask = task(
  import.meta.url,
  "spansTask",
  ({ of, parts, text }: LongText) => {
    // A thread in place of a failed one has none.
    if (tagger?.of !== of) tagger = { of, predict: spanModel(parts) };
    return tagger.predict([text]);
  },
);

/**
 * Threads are kept from one model to the next: one that has loaded a native module, whichever, leaves
 * two file descriptors (Deno's event loop for it) and half a megabyte behind when it ends. There are
 * never more of them than models that were open at once.
 */
const idle: WorkerPool[] = [];

/** Takes a thread; `leave` gives it back for the next model. */
export function takeThread(): { readonly pool: WorkerPool; readonly leave: () => void } {
  const pool = idle.pop() ?? new WorkerPool(1);
  return { pool, leave: () => void idle.push(pool) };
}

/** The thread of probes, which may have to be given up. */
const probes = new WorkerPool(1);

/**
 * Makes sure that a model can be loaded and predicts at all, in a thread that is
 * given up where it does not within some time: one whose graph never ends would
 * take the thread that runs it with it.
 *
 * @throws {ModelError} if it takes too long, or as {@linkcode openHere}.
 */
export async function probeModel(
  source: string,
  { onnx, task, seconds }: Opened & { readonly seconds: number },
): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new ModelError(`Cannot serve ${source}: its first prediction took over ${seconds} s`, {
        next: "export the model again, or raise --load-seconds where it is that big",
      }),
    );
  }, seconds * 1000);
  try {
    await probes.run(probeTask, { onnx, task }, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Frees the thread's model. A thread in place of a failed one has none. */
export const closeTask = task(import.meta.url, "closeTask", (_: void) => model?.close());

/**
 * Loads a model in a thread of its own, until it is closed.
 *
 * @throws {ModelError} as {@linkcode openHere}.
 */
export async function openModelThread(onnx: Uint8Array, task: TaskKind): Promise<ServableModel> {
  const { pool, leave } = takeThread();
  const close = async () => {
    await pool.run(closeTask, undefined);
    leave();
  };
  try {
    const { inputs, classes } = await pool.run(loadTask, { onnx, task });
    const ofNumbers = inputs.filter(({ kind }) => kind === "number").length;
    return {
      inputs,
      classes,
      close,
      readParts: (state) => pool.run(partsTask, state),
      frame(rows) {
        const numbers = new Float32Array(new SharedArrayBuffer(4 * ofNumbers * rows)).fill(NaN);
        const texts: string[][] = [];
        let used = 0;
        const columns = inputs.map(({ kind }) => {
          if (kind === "number") return numbers.subarray(used, used += rows);
          const column = Array<string>(rows).fill("");
          texts.push(column);
          return column;
        });
        const batch = { rows, numbers, texts };
        return { rows, columns, predict: () => pool.run(predictTask, batch) };
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}
