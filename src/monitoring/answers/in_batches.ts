/** Rows a batch at a time, so that a large file is not held as tensors whole. */

import { type ModelColumns, openRegression } from "../../onnx_runtime/mod.ts";

const BATCH = 10_000;

/** First row of each batch and the row after its last. */
export function* inBatches(rows: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < rows; from += BATCH) yield [from, Math.min(rows, from + BATCH)];
}

/** The numbers that a model predicts for all rows. */
export async function predictedNumbers(
  path: string,
  rows: number,
  inputs: (from: number, to: number) => ModelColumns,
): Promise<Float64Array> {
  const opened = await openRegression(path);
  const predicted = new Float64Array(rows);
  try {
    for (const [from, to] of inBatches(rows)) {
      predicted.set(await opened.predict(inputs(from, to)), from);
    }
  } finally {
    await opened.close();
  }
  return predicted;
}
