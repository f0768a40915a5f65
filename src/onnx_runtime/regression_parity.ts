/** Whether an exported regression predicts what the native model predicts. */

import { ModelError } from "../base/mod.ts";
import { disagree, type Parity } from "./parity.ts";
import type { ModelColumns } from "./runtime.ts";
import { type OnnxRegression, openRegression } from "./session.ts";

/** What the native regression says, and what to ask the exported one. */
export interface NativeValues {
  /** Raw columns of the rows to compare. */
  readonly inputs: ModelColumns;
  /** Native prediction of each row, shape [rows]. */
  readonly values: Float64Array;
  /** Whether they are exponentials of Float32 sums, of which a rounding is a share of the number. */
  readonly exponentials?: boolean;
}

/** What to compare before a regression is saved. */
export interface RegressionParityCheck extends NativeValues {
  /** The exported model. */
  readonly bytes: Uint8Array;
}

/**
 * Predictions may differ by this share of their standard deviation: trees sum in
 * Float32, in another order.
 */
const tolerance = 1e-5;

/** What rounding may add, as a share of the number: to Float64, or to Float32 before the exponential. */
const rounding = { sums: 2 ** -52, exponentials: tolerance };

/**
 * Runs the exported regression and compares; see {@linkcode compareValues}.
 *
 * @throws {ModelError} showing the first row where the models disagree.
 */
export async function checkRegressionParity(
  { bytes, ...native }: RegressionParityCheck,
): Promise<Parity> {
  const model = await openRegression(bytes);
  const { fault, ...parity } = await compareValues(model, native);
  await model.close();
  if (fault !== undefined) throw disagree(fault);
  return parity;
}

/**
 * Compares a regression in ONNX Runtime with the native one: predictions within 1e-5
 * of the standard deviation of the native ones, and the last bit of a Float64, or 1e-5 of
 * the number where it is an exponential.
 *
 * @returns A `fault` that shows the first row where they disagree.
 */
export async function compareValues(
  { predict }: Pick<OnnxRegression, "predict">,
  { inputs, values, exponentials = false }: NativeValues,
): Promise<Parity & { readonly fault?: string }> {
  const found = await predict(inputs);
  const rows = values.length;
  if (found.length !== rows) {
    throw new ModelError(
      `Cannot compare the exported model: it gave ${found.length} rows, the native model ${rows}`,
      { next: "compare the same rows" },
    );
  }
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2 / finite.length, 0);
  const share = exponentials ? rounding.exponentials : rounding.sums;
  let largestDifference = 0;
  for (let row = 0; row < rows; row++) {
    const difference = Math.abs(found[row] - values[row]);
    const allowed = tolerance * Math.sqrt(variance) + share * Math.abs(values[row]);
    // Written so that NaN is refused.
    if (!(difference <= allowed)) {
      const fault = `row ${row + 1} is ${values[row]} natively and ${found[row]} in ONNX, ` +
        `wanted within ${allowed}`;
      return { rows, largestDifference, fault };
    }
    largestDifference = Math.max(largestDifference, difference);
  }
  return { rows, largestDifference };
}
