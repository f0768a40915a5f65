/** What an exported model says of rows, whatever its task. */

import { ModelError } from "../base/mod.ts";
import { type ModelColumns, openModel, openRegression, openSpans } from "../onnx_runtime/mod.ts";
import { fileKindOf, givesNumber, type ReadModel } from "../registry/mod.ts";
import { decodeForecasts, Forecaster, predictMonths } from "../series/mod.ts";

/** Rows that one inference takes. */
const BATCH = 10_000;

/**
 * Predictions output by output, in the order of the model's classes, shape [outputs × rows]; of
 * a model of numbers the numbers.
 *
 * @param inputs Raw columns, each of `rows` values.
 */
export async function predictRows(
  { metadata, file }: ReadModel,
  inputs: ModelColumns,
  rows: number,
): Promise<Float64Array> {
  const batches = Array.from({ length: Math.ceil(rows / BATCH) }, (_, i) => {
    const [from, to] = [i * BATCH, Math.min(rows, (i + 1) * BATCH)];
    const part = Object.entries(inputs).map(([name, values]) => [
      name,
      Array.prototype.slice.call(values, from, to),
    ]);
    return { from, to, columns: Object.fromEntries(part) as ModelColumns };
  });
  if (fileKindOf(metadata) === "forecast") {
    return predictMonths(new Forecaster(decodeForecasts(file)), inputs, rows).mean;
  }
  if (givesNumber(metadata.task)) {
    const model = await openRegression(file);
    try {
      const all = new Float64Array(rows);
      for (const { from, columns } of batches) all.set(await model.predict(columns), from);
      return all;
    } finally {
      await model.close();
    }
  }
  if (metadata.task.kind === "spans") {
    const model = await openSpans(file);
    // Outputs are as many as the longest text has tokens, which a batch does not tell.
    return await model.predict(inputs).finally(() => model.close());
  }
  const model = await openModel(file);
  try {
    const order = metadata.class_labels.map((label) => model.classes.indexOf(label));
    if (order.includes(-1)) {
      throw new ModelError(
        `Cannot use the ONNX file: its classes are ${model.classes.join(", ")}, its metadata ` +
          `say ${metadata.class_labels.join(", ")}`,
        { next: "export the model again" },
      );
    }
    const all = new Float64Array(order.length * rows);
    for (const { from, to, columns } of batches) {
      const { data } = (await model.predict(columns)).probabilities;
      order.forEach((at, k) =>
        all.set(data.subarray(at * (to - from), (at + 1) * (to - from)), k * rows + from)
      );
    }
    return all;
  } finally {
    await model.close();
  }
}
