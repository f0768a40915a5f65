/** Whether an exported regression predicts what the native model predicts. */

import { ModelError } from "../base/mod.ts";
import { disagree, type Parity } from "./parity.ts";
import { type ModelColumns, openRegression } from "./session.ts";

/** What the native regression says, and what to ask the exported one. */
export interface RegressionParityCheck {
  /** The exported model. */
  readonly bytes: Uint8Array;
  /** Raw columns of the rows to compare. */
  readonly inputs: ModelColumns;
  /** Native prediction of each row, shape [rows]. */
  readonly values: Float64Array;
}

/**
 * Predictions may differ by this share of their standard deviation: trees sum in
 * Float32, in another order.
 */
const tolerance = 1e-5;

/** What one rounding to Float64 may add, as a share of the number. */
const rounding = 2 ** -52;

/**
 * Runs the exported regression and compares: predictions within 1e-5 of the
 * standard deviation of the native ones, and the last bit of a Float64.
 *
 * @throws {ModelError} showing the worst row where the models disagree.
 */
export async function checkRegressionParity(
  { bytes, inputs, values }: RegressionParityCheck,
): Promise<Parity> {
  const model = await openRegression(bytes);
  const found = await model.predict(inputs);
  await model.close();
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
  let largestDifference = 0;
  for (let row = 0; row < rows; row++) {
    const difference = Math.abs(found[row] - values[row]);
    const allowed = tolerance * Math.sqrt(variance) + rounding * Math.abs(values[row]);
    // Written so that NaN is refused.
    if (!(difference <= allowed)) {
      throw disagree(
        `row ${row + 1} is ${values[row]} natively and ${found[row]} in ONNX, ` +
          `wanted within ${allowed}`,
      );
    }
    largestDifference = Math.max(largestDifference, difference);
  }
  return { rows, largestDifference };
}
