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
  readonly values: Float32Array;
}

/** Predictions may differ by this share of their range: sums of Float32 in another order. */
const tolerance = 1e-5;

/** What one rounding to Float32 may add, as a share of the number. */
const rounding = 2 ** -23;

/**
 * Runs the exported regression and compares: predictions within 1e-5 of the
 * range from the lowest to the highest, and the last bit of a Float32.
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
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  let largestDifference = 0;
  for (let row = 0; row < rows; row++) {
    const difference = Math.abs(found[row] - values[row]);
    const allowed = tolerance * (highest - lowest) + rounding * Math.abs(values[row]);
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
