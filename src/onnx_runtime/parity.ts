/** Whether an exported model predicts what the native model predicts. */

import { ModelError } from "../base/mod.ts";
import type { ModelColumns } from "./runtime.ts";
import { type OnnxModel, openModel } from "./session.ts";

/** What the native model says, and what to ask the exported one. */
export interface NativePredictions {
  /** Raw columns of the rows to compare. */
  readonly inputs: ModelColumns;
  /** Native label of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Native probabilities class by class, shape [classes × rows]. */
  readonly probabilities: Float32Array;
}

/** What to compare before a model is saved. */
export interface ParityCheck extends NativePredictions {
  /** The exported model. */
  readonly bytes: Uint8Array;
}

/** What the comparison found. */
export interface Parity {
  /** Number of rows compared. */
  readonly rows: number;
  /** The largest difference of two probabilities or predictions. */
  readonly largestDifference: number;
}

/** Probabilities may differ by this much: sums of Float32 in another order. */
const tolerance = 1e-5;

/**
 * Within this gap two classes are tied in Float32 arithmetic: where the sums
 * were rounded differently, either may come out ahead.
 */
const tie = 1e-6;

/**
 * Runs the exported model and compares; see {@linkcode comparePredictions}.
 *
 * @throws {ModelError} showing the worst row where the models disagree.
 */
export async function checkParity({ bytes, ...native }: ParityCheck): Promise<Parity> {
  const model = await openModel(bytes);
  const { fault, ...parity } = await comparePredictions(model, native);
  await model.close();
  if (fault !== undefined) throw disagree(fault);
  return parity;
}

/**
 * Compares a model in ONNX Runtime with the native one: same labels,
 * probabilities within 1e-5. Labels may differ only where rounding decides, that
 * is where the two classes are within 1e-6 and the probabilities are not bit for
 * bit the same.
 *
 * @returns A `fault` that shows the worst row where they disagree.
 */
export async function comparePredictions(
  { classes, predict }: Pick<OnnxModel, "classes" | "predict">,
  { inputs, labels, probabilities: native }: NativePredictions,
): Promise<Parity & { readonly fault?: string }> {
  const { labels: onnxLabels, probabilities: { data } } = await predict(inputs);
  const rows = labels.length;
  if (onnxLabels.length !== rows || data.length !== native.length) {
    throw new ModelError(
      `Cannot compare the exported model: it gave ${onnxLabels.length} rows of ${classes.length} ` +
        `classes, the native model ${rows} rows of ${native.length / Math.max(rows, 1)}`,
      { next: "compare the same rows and classes" },
    );
  }
  const describe = (row: number) =>
    classes.map((name, k) => `${name} ${native[k * rows + row]} / ${data[k * rows + row]}`)
      .join(", ");
  let largestDifference = 0;
  let worst = -1;
  for (let at = 0; at < native.length; at++) {
    const difference = Math.abs(native[at] - data[at]);
    // NaN on one side only is as far apart as can be.
    const distance = Number.isNaN(difference) ? Infinity : difference;
    if (distance > largestDifference) [largestDifference, worst] = [distance, at % rows];
  }
  const parity = { rows, largestDifference };
  if (largestDifference > tolerance) {
    return {
      ...parity,
      fault: `row ${worst + 1} differs by ${largestDifference} ` +
        `(native / ONNX: ${describe(worst)}), wanted at most ${tolerance}`,
    };
  }
  for (let row = 0; row < rows; row++) {
    const [own, other] = [labels[row], classes.indexOf(onnxLabels[row])];
    if (own === other || isTie(row, own, other)) continue;
    return {
      ...parity,
      fault: `row ${row + 1} is "${classes[own]}" natively and "${onnxLabels[row]}" in ONNX ` +
        `(native / ONNX: ${describe(row)})`,
    };
  }
  return parity;

  function isTie(row: number, a: number, b: number): boolean {
    const rounded = classes.some((_, k) => native[k * rows + row] !== data[k * rows + row]);
    return rounded && Math.abs(native[a * rows + row] - native[b * rows + row]) <= tie;
  }
}

/** The refusal of an export. */
export function disagree(found: string): ModelError {
  return new ModelError(`Refuse to export the model: ${found}`, {
    next: "report this with the training command: the export and the learner disagree",
  });
}
